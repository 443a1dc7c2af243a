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
            "choices.index",
            "choices.finish_reason",
            "choices.error",
            "choices.usage",
            "usage",
            "x_groq",
            "timings"));

    private final ReasoningReader reasoning = new ReasoningReader();
    private final ContentReader content = new ContentReader(this::addContent, this::addReasoning);
    private final ToolCallAssembler toolCalls;
    private final Choices choices = new Choices();
    private int chunks;

    /** Whether the current chunk says that the response ends. */
    private boolean isEnding;

    /** Whether something came in a delta, so that messages repeat it. */
    private boolean hasDeltas;

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
        choices.of(chunk).forEach(this::addChoice);
        var first = chunk.path("choices").path(0);
        addUsage(chunk, first);
    }

    private void addChoice(JsonNode choice) {
        var finishReason = ProviderJson.text(choice, "finish_reason");
        isEnding = !finishReason.isBlank() && !finishReason.equals("null");
        var delta = choice.path("delta");
        var message = choice.path("message");
        if (delta.isObject()) {
            addMessage(delta);
            if (delta.path("content").isMissingNode()) {
                addContent(ProviderJson.text(choice, "text"));
            }
            unreadMessage = message.isObject() ? message : unreadMessage;
            hasDeltas |= !isEmpty();
        } else if (!message.isObject()) {
            addContent(ProviderJson.text(choice, "text"));
        } else if (hasDeltas || (isEnding && !isEmpty())) {
            unreadMessage = message;
        } else {
            addMessage(message);
        }
        if (isEnding) {
            readUnreadMessage();
            finish(finishReason);
        }
    }

    private void addContent(String text) {
        addText(isEnding ? received().withoutRepetition(text) : text);
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

    /** Some servers send a message beside the deltas or behind them, with all that they have brought; a few send only the message. */
    private void readUnreadMessage() {
        var message = unreadMessage;
        unreadMessage = MissingNode.getInstance();
        if (isEmpty()) {
            addMessage(message);
            return;
        }
        if (reasoning.isEmpty()) {
            reasoning.read(message, this::addReasoning);
        }
        addText(received().beyond(ContentReader.text(message.path("content"))));
        if (toolCalls.isEmpty()) {
            addToolCalls(message);
        }
    }

    @Override
    void complete() {
        isEnding = true;
        readUnreadMessage();
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
