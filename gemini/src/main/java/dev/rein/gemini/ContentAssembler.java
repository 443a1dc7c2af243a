package dev.rein.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.http.JsonProjection;
import dev.rein.http.ModelEvents;
import dev.rein.http.ProviderError;
import dev.rein.http.ProviderJson;
import dev.rein.http.ResponseText;
import dev.rein.http.ToolCallJson;
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

    private static final JsonProjection NEEDED_FIELDS = JsonProjection.of(ProviderError.fieldsAnd(
            "candidates.content.parts",
            "candidates.finishReason",
            "candidates.index",
            "promptFeedback.blockReason",
            "usageMetadata"));

    private static final String NO_REASON = "FINISH_REASON_UNSPECIFIED";

    private final ModelCall call;
    private final Model model;
    private final FunctionNames names;
    private final ResponseText text = new ResponseText();
    private final StringBuilder reasoning = new StringBuilder();
    private final SignedText signed = new SignedText();
    private final List<ToolCall> toolCalls = new ArrayList<>();
    private @Nullable Usage usage;
    private @Nullable String finishReason;
    private boolean isBlocked;

    /** Whether the current candidate says that the response ends. */
    private boolean isEnding;

    ContentAssembler(ModelCall call, Model model, FunctionNames names) {
        this.call = call;
        this.model = model;
        this.names = names;
    }

    @Override
    public JsonProjection neededFields() {
        return NEEDED_FIELDS;
    }

    /** Gateways before the provider report errors in other forms than the provider. */
    @Override
    public Optional<JsonNode> error(String name, JsonNode event) {
        return ModelEvents.super
                .error(name, event)
                .or(() -> isPart(event) ? Optional.empty() : ProviderError.find(event));
    }

    private static boolean isPart(JsonNode event) {
        return event.has("candidates") || event.has("promptFeedback") || event.has("usageMetadata");
    }

    @Override
    public void accept(String name, JsonNode event) {
        event.path("candidates").forEach(this::addCandidate);
        var blocked = ProviderJson.text(event.path("promptFeedback"), "blockReason");
        if (finishReason == null && !blocked.isEmpty()) {
            finishReason = blocked;
            isBlocked = true;
        }
        addUsage(event.path("usageMetadata"));
    }

    /** Requests ask for one candidate, whose index may be omitted; of others nothing is read. */
    private void addCandidate(JsonNode candidate) {
        if (candidate.path("index").asInt(0) != 0) {
            return;
        }
        var reason = ProviderJson.text(candidate, "finishReason");
        isEnding = !reason.isEmpty() && !reason.equals(NO_REASON);
        var parts = candidate.path("content").path("parts");
        if (parts.isObject()) {
            add(parts);
        } else {
            parts.forEach(this::add);
        }
        if (isEnding) {
            finishReason = reason;
            isBlocked = false;
        }
    }

    private void add(JsonNode part) {
        var signature = ProviderJson.text(part, SignedText.SIGNATURE);
        var written = part.isTextual() ? part.textValue() : ProviderJson.text(part, "text");
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
        } else if (part.path("function_call").isObject()) {
            addCall(part.get("function_call"), signature);
        } else if (part.has("text") || part.isTextual()) {
            addText(isEnding ? text.withoutRepetition(written) : written, signature);
        } else if (part.isObject() && !part.has("inlineData")) {
            signed.add(part);
        }
    }

    private void addText(String written, String signature) {
        signed.add(written, signature);
        if (!written.isEmpty()) {
            text.append(written);
            call.text(written);
        }
    }

    /** Calls arrive as a whole; older models give them no ids. */
    private void addCall(JsonNode function, String signature) {
        var id = ProviderJson.text(function, "id");
        var name = ProviderJson.text(function, "name");
        var arguments = ToolCallJson.text(ToolCallJson.arguments(function));
        ToolCallJson.requireRoom(toolCalls.size());
        var added = new ToolCall(
                id.isEmpty() ? "call_" + UUID.randomUUID() : id,
                names.tool(name),
                arguments.isBlank() || arguments.equals("null") ? "{}" : arguments,
                data(SignedText.callData(signature)));
        // A call that is sent once more is one call.
        if (!toolCalls.contains(added)) {
            toolCalls.add(added);
        }
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
        return data == null ? null : ProviderData.of(model, data);
    }
}
