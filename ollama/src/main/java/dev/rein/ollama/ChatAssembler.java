package dev.rein.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.http.JsonProjection;
import dev.rein.http.ModelEvents;
import dev.rein.http.ProviderJson;
import dev.rein.model.FinishReason;
import dev.rein.model.ModelCall;
import dev.rein.model.ModelResponse;
import dev.rein.model.ToolCall;
import dev.rein.model.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Assembles a response from the lines of a chat and reports each part to the call as it arrives. Confined to one thread. */
final class ChatAssembler implements ModelEvents {

    private static final JsonProjection NEEDED_FIELDS = JsonProjection.of(
            "error",
            "message.content",
            "message.thinking",
            "message.tool_calls",
            "done",
            "done_reason",
            "prompt_eval_count",
            "eval_count");

    private final ModelCall call;
    private final StringBuilder text = new StringBuilder();
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

    @Override
    public void accept(String name, JsonNode line) {
        var message = line.path("message");
        var thought = ProviderJson.text(message, "thinking");
        if (!thought.isEmpty()) {
            reasoning.append(thought);
            call.reasoning(thought);
        }
        var content = ProviderJson.text(message, "content");
        if (!content.isEmpty()) {
            text.append(content);
            call.text(content);
        }
        message.path("tool_calls").forEach(this::add);
        if (line.path("done").asBoolean(false)) {
            end(line);
        }
    }

    /** Calls arrive as a whole; older servers give them no ids. */
    private void add(JsonNode requested) {
        var function = requested.path("function");
        var id = ProviderJson.text(requested, "id");
        var name = ProviderJson.text(function, "name");
        var given = function.path("arguments");
        var arguments =
                given.isTextual() ? given.textValue() : given.isMissingNode() || given.isNull() ? "" : given.toString();
        toolCalls.add(new ToolCall(
                id.isEmpty() ? "call_" + UUID.randomUUID() : id, name, arguments.isEmpty() ? "{}" : arguments));
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
