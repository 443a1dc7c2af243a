package dev.rein.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.http.JsonProjection;
import dev.rein.http.ModelEvents;
import dev.rein.http.ProviderJson;
import dev.rein.model.FinishReason;
import dev.rein.model.Model;
import dev.rein.model.ModelCall;
import dev.rein.model.ModelResponse;
import dev.rein.model.ProviderData;
import dev.rein.model.ToolCall;
import dev.rein.model.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Assembles a response from the events of its stream and reports each part to the call as it arrives. Confined to one thread. */
final class ContentAssembler implements ModelEvents {

    private static final JsonProjection NEEDED_FIELDS = JsonProjection.of(
            "error",
            "candidates.content.parts",
            "candidates.finishReason",
            "promptFeedback.blockReason",
            "usageMetadata");

    private final ModelCall call;
    private final Model model;
    private final FunctionNames names;
    private final StringBuilder text = new StringBuilder();
    private final StringBuilder reasoning = new StringBuilder();
    private final SignedText signed = new SignedText();
    private final List<ToolCall> toolCalls = new ArrayList<>();
    private @Nullable Usage usage;
    private @Nullable String finishReason;
    private boolean isBlocked;

    ContentAssembler(ModelCall call, Model model, FunctionNames names) {
        this.call = call;
        this.model = model;
        this.names = names;
    }

    @Override
    public JsonProjection neededFields() {
        return NEEDED_FIELDS;
    }

    /** Errors are sent as an object or in an array. */
    @Override
    public Optional<JsonNode> error(String name, JsonNode event) {
        return ModelEvents.super.error(name, event.isArray() ? event.path(0) : event);
    }

    @Override
    public void accept(String name, JsonNode event) {
        // Requests ask for one candidate.
        var candidate = event.path("candidates").path(0);
        candidate.path("content").path("parts").forEach(this::add);
        var reason = ProviderJson.text(candidate, "finishReason");
        var blocked = ProviderJson.text(event.path("promptFeedback"), "blockReason");
        if (!reason.isEmpty()) {
            finishReason = reason;
        } else if (!blocked.isEmpty()) {
            finishReason = blocked;
            isBlocked = true;
        }
        addUsage(event.path("usageMetadata"));
    }

    private void add(JsonNode part) {
        var signature = ProviderJson.text(part, SignedText.SIGNATURE);
        var written = ProviderJson.text(part, "text");
        if (part.path("thought").asBoolean(false)) {
            if (!written.isEmpty()) {
                reasoning.append(written);
                call.reasoning(written);
            }
            if (!signature.isEmpty()) {
                signed.add(part);
            }
        } else if (part.path("functionCall").isObject()) {
            addCall(part.get("functionCall"), signature);
        } else if (part.has("text")) {
            signed.add(written, signature);
            if (!written.isEmpty()) {
                text.append(written);
                call.text(written);
            }
        } else if (part.isObject() && !part.has("inlineData")) {
            signed.add(part);
        }
    }

    /** Calls arrive as a whole; older models give them no ids. */
    private void addCall(JsonNode function, String signature) {
        var id = ProviderJson.text(function, "id");
        var name = ProviderJson.text(function, "name");
        var args = function.path("args");
        var arguments =
                args.isTextual() ? args.textValue() : args.isMissingNode() || args.isNull() ? "{}" : args.toString();
        toolCalls.add(new ToolCall(
                id.isEmpty() ? "call_" + UUID.randomUUID() : id,
                names.tool(name),
                arguments.isEmpty() ? "{}" : arguments,
                data(SignedText.callData(signature))));
        call.progress(name.length() + arguments.length());
    }

    /** Counts arrive with each event; those before the first token are only about the input. */
    private void addUsage(JsonNode counted) {
        if (!counted.isObject()) {
            return;
        }
        var thoughts = counted.path("thoughtsTokenCount").asLong();
        var output = counted.path("candidatesTokenCount").asLong() + thoughts;
        if (output > 0 || finishReason != null) {
            usage = new Usage(
                    counted.path("promptTokenCount").asLong()
                            + counted.path("toolUsePromptTokenCount").asLong(),
                    output,
                    thoughts,
                    counted.path("cachedContentTokenCount").asLong());
            call.usage(usage);
        }
    }

    @Override
    public boolean isComplete() {
        return finishReason != null;
    }

    /** Always false: the reason does not have to be in the last event. */
    @Override
    public boolean ignoresRest() {
        return false;
    }

    ModelResponse response() {
        return new ModelResponse(
                text.toString(),
                reasoning.isEmpty() ? null : reasoning.toString(),
                toolCalls,
                usage,
                reason(),
                finishReason,
                data(signed.data()));
    }

    /** Responses with tool calls end as others do, with STOP. */
    private FinishReason reason() {
        var reason = isBlocked ? FinishReason.CONTENT_FILTER : FinishReason.of(finishReason);
        return reason == FinishReason.STOP && !toolCalls.isEmpty() ? FinishReason.TOOL_CALLS : reason;
    }

    private @Nullable ProviderData data(@Nullable JsonNode data) {
        return data == null ? null : new ProviderData(model.provider(), model.id(), data);
    }
}
