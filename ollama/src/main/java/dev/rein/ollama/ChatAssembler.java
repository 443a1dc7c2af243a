package dev.rein.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.http.JsonProjection;
import dev.rein.http.ModelEvents;
import dev.rein.http.ProviderError;
import dev.rein.http.ProviderJson;
import dev.rein.http.ResponseText;
import dev.rein.http.ToolCallJson;
import dev.rein.model.FinishReason;
import dev.rein.model.ModelCall;
import dev.rein.model.ModelResponse;
import dev.rein.model.ToolCall;
import dev.rein.model.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Assembles a response from the lines of a chat and reports each part to the call as it arrives. Confined to one thread. */
final class ChatAssembler implements ModelEvents {

    private static final JsonProjection NEEDED_FIELDS = JsonProjection.of(ProviderError.fieldsAnd(
            "message.content",
            "message.thinking",
            "message.tool_calls",
            "done",
            "done_reason",
            "prompt_eval_count",
            "eval_count"));

    private final ModelCall call;
    private final ResponseText text = new ResponseText();
    private final StringBuilder reasoning = new StringBuilder();
    private final List<ToolCall> toolCalls = new ArrayList<>();
    private @Nullable Usage usage;
    private @Nullable String doneReason;
    private boolean done;

    ChatAssembler(ModelCall call) {
        this.call = call;
    }

    @Override
    public JsonProjection neededFields() {
        return NEEDED_FIELDS;
    }

    /** Gateways before the server report errors in other forms than the server. */
    @Override
    public Optional<JsonNode> error(String name, JsonNode line) {
        var isPart = line.path("message").isObject() || line.path("done").asBoolean(false);
        return ModelEvents.super.error(name, line).or(() -> isPart ? Optional.empty() : ProviderError.find(line));
    }

    @Override
    public void accept(String name, JsonNode line) {
        var isLast = line.path("done").asBoolean(false);
        var message = line.path("message");
        var thought = ProviderJson.text(message, "thinking");
        if (!thought.isEmpty()) {
            reasoning.append(thought);
            call.reasoning(thought);
        }
        var content = content(message.path("content"));
        addText(isLast ? text.withoutRepetition(content) : content);
        var calls = message.path("tool_calls");
        if (calls.isArray()) {
            calls.forEach(this::add);
        } else {
            add(calls);
        }
        if (isLast) {
            end(line);
        }
    }

    /** Servers with the same API send a list of parts, as others do. */
    private static String content(JsonNode content) {
        if (!content.isArray()) {
            return content.asText("");
        }
        var text = new StringBuilder();
        content.forEach(part -> text.append(part.isTextual() ? part.textValue() : ProviderJson.text(part, "text")));
        return text.toString();
    }

    private void addText(String content) {
        if (!content.isEmpty()) {
            text.append(content);
            call.text(content);
        }
    }

    /** Calls arrive as a whole; older servers give them no ids. */
    private void add(JsonNode requested) {
        if (!requested.isObject()) {
            return;
        }
        ToolCallJson.requireRoom(toolCalls.size());
        var function = requested.path("function").isObject() ? requested.path("function") : requested;
        var id = ProviderJson.text(requested, "id");
        var name = ProviderJson.text(function, "name").isEmpty()
                ? ProviderJson.text(requested, "name")
                : ProviderJson.text(function, "name");
        var arguments = ToolCallJson.text(ToolCallJson.arguments(function, requested));
        var added = new ToolCall(
                id.isEmpty() ? "call_" + UUID.randomUUID() : id,
                name,
                arguments.isBlank() || arguments.equals("null") ? "{}" : arguments);
        // A call that is sent once more is one call.
        if (!toolCalls.contains(added)) {
            toolCalls.add(added);
        }
        call.progress(name.length() + arguments.length());
    }

    private void end(JsonNode line) {
        done = true;
        var reason = ProviderJson.text(line, "done_reason");
        doneReason = reason.isEmpty() ? null : reason;
        if (line.has("prompt_eval_count") || line.has("eval_count")) {
            usage = Usage.of(
                    line.path("prompt_eval_count").asLong(),
                    line.path("eval_count").asLong());
            call.usage(usage);
        }
    }

    @Override
    public boolean isComplete() {
        return done;
    }

    ModelResponse response() {
        return new ModelResponse(
                text.toString(),
                reasoning.isEmpty() ? null : reasoning.toString(),
                toolCalls,
                usage,
                finishReason(),
                doneReason,
                null);
    }

    /** Responses with tool calls end as others do, with "stop"; old servers give no reason at all. */
    private FinishReason finishReason() {
        var reason = doneReason == null ? FinishReason.STOP : FinishReason.of(doneReason);
        return reason == FinishReason.STOP && !toolCalls.isEmpty() ? FinishReason.TOOL_CALLS : reason;
    }
}
