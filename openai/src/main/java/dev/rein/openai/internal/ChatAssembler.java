package dev.rein.openai.internal;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.model.ModelCall;

/** Assembles a response from the chunks of a chat completion. */
final class ChatAssembler extends ResponseAssembler {

    private static final JsonProjection NEEDED_FIELDS = JsonProjection.of(
            "error",
            "choices.delta.reasoning_content",
            "choices.delta.reasoning",
            "choices.delta.content",
            "choices.delta.refusal",
            "choices.delta.tool_calls",
            "choices.finish_reason",
            "usage");

    ChatAssembler(ModelCall call) {
        super(call);
    }

    @Override
    JsonProjection neededFields() {
        return NEEDED_FIELDS;
    }

    @Override
    void accept(JsonNode chunk) {
        // Requests ask for one choice, so there is at most one; the last chunk contains the usage and no choice.
        var choice = chunk.path("choices").path(0);
        var delta = choice.path("delta");
        // The field is reasoning_content in DeepSeek, vLLM and llama.cpp, and reasoning in Ollama, OpenRouter and newer
        // versions of
        // vLLM.
        var reasoning = ProviderJson.text(delta, "reasoning_content");
        addReasoning(reasoning.isEmpty() ? ProviderJson.text(delta, "reasoning") : reasoning);
        addText(ProviderJson.text(delta, "content"));
        addText(ProviderJson.text(delta, "refusal"));
        for (var fragment : delta.path("tool_calls")) {
            addToolCall(fragment);
        }
        var finishReason = ProviderJson.text(choice, "finish_reason");
        if (!finishReason.isEmpty()) {
            finish(finishReason);
        }
        addUsage(chunk.path("usage"), "prompt_tokens", "completion_tokens");
    }

    private void addToolCall(JsonNode fragment) {
        var function = fragment.path("function");
        addToolCallFragment(
                fragment.path("index").asInt(toolCalls().latestIndex()),
                ProviderJson.text(fragment, "id"),
                ProviderJson.text(function, "name"),
                ProviderJson.text(function, "arguments"));
    }

    /** Always false: the usage follows the finish reason, and [DONE] follows the usage. */
    @Override
    boolean ignoresRest() {
        return false;
    }
}
