package dev.rein.openai.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.http.JsonProjection;
import dev.rein.http.ProviderError;
import dev.rein.http.ProviderJson;
import dev.rein.model.ModelCall;
import dev.rein.model.ModelRequest;
import dev.rein.model.ToolCall;
import java.util.List;

/** Assembles a response from the chunks of a chat completion, or from a chat completion that is not streamed. */
final class ChatAssembler extends ResponseAssembler {

    private static final JsonProjection NEEDED_FIELDS = JsonProjection.of(ProviderError.fieldsAnd(
            "choices.delta",
            "choices.message",
            "choices.text",
            "choices.finish_reason",
            "choices.error",
            "choices.usage",
            "usage",
            "x_groq",
            "timings"));

    private final ReasoningReader reasoning = new ReasoningReader();
    private final ContentReader content = new ContentReader(this::addText, this::addReasoning);
    private final ToolCallAssembler toolCalls;
    private int chunks;
    private JsonNode unreadMessage = MissingNode.getInstance();

    ChatAssembler(ModelCall call, ModelRequest request, RequestSettings settings) {
        super(call, settings);
        toolCalls = new ToolCallAssembler(ToolNames.of(request), call::progress);
    }

    @Override
    public JsonProjection neededFields() {
        return NEEDED_FIELDS;
    }

    @Override
    void accept(JsonNode chunk) {
        chunks++;
        // Requests ask for one choice, so there is at most one; the last chunk contains the usage and no choice.
        var choice = chunk.path("choices").path(0);
        var isMessage =
                !choice.path("delta").isObject() && choice.path("message").isObject();
        if (isMessage) {
            addMessage(choice.path("message"));
        } else {
            addMessage(choice.path("delta"));
            if (!choice.path("delta").isObject()) {
                addText(ProviderJson.text(choice, "text"));
            }
            unreadMessage = choice.path("message").isObject() ? choice.path("message") : unreadMessage;
        }
        var finishReason = ProviderJson.text(choice, "finish_reason");
        if (!finishReason.isBlank() && !finishReason.equals("null")) {
            readMessageWithoutDeltas();
            finish(finishReason);
        }
        addUsage(chunk, choice);
    }

    private void addMessage(JsonNode message) {
        reasoning.read(message, this::addReasoning);
        if (ReasoningReader.isThought(message)) {
            addReasoning(ContentReader.text(message.path("content")).replaceAll("</?thought>", ""));
        } else {
            content.read(message.path("content"));
        }
        addText(ProviderJson.text(message, "refusal"));
        addToolCalls(message);
    }

    private void addToolCalls(JsonNode message) {
        var calls = message.path("tool_calls");
        if (calls.isObject() && (calls.has("function") || calls.has("name"))) {
            addToolCall(calls);
        } else {
            calls.forEach(this::addToolCall);
        }
        // The predecessor of tool_calls; some servers send both.
        if (calls.isEmpty() && message.path("function_call").isObject()) {
            addToolCall(message.path("function_call"));
        }
    }

    /** Some servers send a message beside the deltas, which contains what they have in common; a few send only the message. */
    private void readMessageWithoutDeltas() {
        if (isEmpty()) {
            addMessage(unreadMessage);
        } else if (toolCalls.isEmpty()) {
            addToolCalls(unreadMessage);
        }
        unreadMessage = MissingNode.getInstance();
    }

    private void addToolCall(JsonNode element) {
        if (!element.isObject()) {
            return;
        }
        var call = toolCalls.add(ToolCallFragment.of(chunks, element));
        // Gemini's signatures; the same behind LiteLLM.
        for (var member : List.of("extra_content", "provider_specific_fields")) {
            var value = element.path(member);
            if (value.isObject() && !value.isEmpty()) {
                call.addProviderMember(member, value);
            }
        }
    }

    private void addUsage(JsonNode chunk, JsonNode choice) {
        // Groq and Moonshot have places of their own.
        for (var counted : List.of(chunk.path("x_groq").path("usage"), choice.path("usage"), chunk.path("usage"))) {
            addUsage(UsageReader.read(counted));
        }
        if (!hasUsage()) {
            addUsage(UsageReader.ofTimings(chunk.path("timings")));
        }
    }

    @Override
    boolean hasCallWithoutArguments() {
        return toolCalls.hasCallWithoutArguments();
    }

    @Override
    List<ToolCall> toolCalls() {
        return toolCalls.toolCalls(this::providerData);
    }

    @Override
    void addProviderMembers(ObjectNode members) {
        reasoning.addTo(members);
    }

    /** Always false: the usage follows the finish reason, and [DONE] follows the usage. */
    @Override
    public boolean ignoresRest() {
        return false;
    }
}
