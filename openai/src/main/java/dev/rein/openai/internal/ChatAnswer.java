package dev.rein.openai.internal;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.model.ModelCall;
import dev.rein.model.ModelResponse;
import dev.rein.model.Usage;
import org.jspecify.annotations.Nullable;

/** The chunks of a chat completion. */
final class ChatAnswer implements Answer {

    private static final JsonProjection WANTED = JsonProjection.of(
            "error",
            "choices.delta.reasoning_content",
            "choices.delta.reasoning",
            "choices.delta.content",
            "choices.delta.refusal",
            "choices.delta.tool_calls",
            "choices.finish_reason",
            "usage");

    private final ModelCall call;
    private final StringBuilder text = new StringBuilder();
    private final StringBuilder reasoning = new StringBuilder();
    private final ToolCalls toolCalls = new ToolCalls();
    private @Nullable Usage usage;
    private @Nullable String finishReason;

    ChatAnswer(ModelCall call) {
        this.call = call;
    }

    @Override
    public JsonProjection wanted() {
        return WANTED;
    }

    @Override
    public void accept(JsonNode chunk) {
        // One choice is asked for, so there is at most one; the last chunk has the usage and none.
        var choice = chunk.path("choices").path(0);
        var delta = choice.path("delta");
        // DeepSeek, vLLM and llama.cpp call it reasoning_content, Ollama, OpenRouter and newer vLLMs reasoning.
        var thought = ProviderJson.text(delta, "reasoning_content");
        reason(thought.isEmpty() ? ProviderJson.text(delta, "reasoning") : thought);
        say(ProviderJson.text(delta, "content"));
        say(ProviderJson.text(delta, "refusal"));
        for (var fragment : delta.path("tool_calls")) {
            call(fragment);
        }
        var reason = ProviderJson.text(choice, "finish_reason");
        if (!reason.isEmpty()) {
            finishReason = reason;
        }
        count(chunk.path("usage"));
    }

    private void say(String delta) {
        if (!delta.isEmpty()) {
            text.append(delta);
            call.text(delta);
        }
    }

    private void reason(String delta) {
        if (!delta.isEmpty()) {
            reasoning.append(delta);
            call.reasoning(delta);
        }
    }

    private void call(JsonNode fragment) {
        var function = fragment.path("function");
        call.progress(toolCalls.add(
                fragment.path("index").asInt(toolCalls.latest()),
                ProviderJson.text(fragment, "id"),
                ProviderJson.text(function, "name"),
                ProviderJson.text(function, "arguments")));
    }

    private void count(JsonNode counted) {
        if (!counted.isObject()) {
            return;
        }
        usage = new Usage(
                counted.path("prompt_tokens").asLong(),
                counted.path("completion_tokens").asLong(),
                counted.path("completion_tokens_details")
                        .path("reasoning_tokens")
                        .asLong(),
                counted.path("prompt_tokens_details").path("cached_tokens").asLong());
        call.usage(usage);
    }

    @Override
    public boolean isComplete() {
        return finishReason != null;
    }

    /** Never: the usage comes after the finish reason, and [DONE] after that. */
    @Override
    public boolean isOver() {
        return false;
    }

    @Override
    public ModelResponse response() {
        return new ModelResponse(
                text.toString(),
                reasoning.isEmpty() ? null : reasoning.toString(),
                toolCalls.finished(),
                usage,
                finishReason);
    }
}
