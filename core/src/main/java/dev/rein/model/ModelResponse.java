package dev.rein.model;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A complete response of a model. Immutable.
 *
 * @param text the text; empty if the response only calls tools
 * @param reasoning the reasoning that the provider returned; null for none
 * @param toolCalls the requested tool calls, in their order; empty for none
 * @param usage the tokens counted by the provider; null if it sent no count
 * @param finishReason why the response ended; it decides whether the tool calls run
 * @param rawFinishReason the reason in the provider's words, such as {@code max_output_tokens}; null when unknown
 * @param providerData what the provider wants back with this message; null for nothing
 */
public record ModelResponse(
        String text,
        @Nullable String reasoning,
        List<ToolCall> toolCalls,
        @Nullable Usage usage,
        FinishReason finishReason,
        @Nullable String rawFinishReason,
        @Nullable ProviderData providerData) {
    public ModelResponse {
        Objects.requireNonNull(finishReason, "finishReason");
        toolCalls = List.copyOf(toolCalls);
    }

    /** @param rawFinishReason the reason in the provider's words; null when unknown */
    public ModelResponse(
            String text,
            @Nullable String reasoning,
            List<ToolCall> toolCalls,
            @Nullable Usage usage,
            @Nullable String rawFinishReason) {
        this(text, reasoning, toolCalls, usage, FinishReason.of(rawFinishReason), rawFinishReason, null);
    }

    public static ModelResponse of(String text) {
        return new ModelResponse(text, null, List.of(), null, "stop");
    }

    public static ModelResponse of(List<ToolCall> toolCalls) {
        return new ModelResponse("", null, toolCalls, null, "tool_calls");
    }

    /** A copy with another text and reasoning. */
    public ModelResponse withText(String newText, @Nullable String newReasoning) {
        return new ModelResponse(newText, newReasoning, toolCalls, usage, finishReason, rawFinishReason, providerData);
    }

    /** A copy with other tool calls. */
    public ModelResponse withToolCalls(List<ToolCall> newCalls) {
        return new ModelResponse(text, reasoning, newCalls, usage, finishReason, rawFinishReason, providerData);
    }

    /** A copy with data that the provider wants back. */
    public ModelResponse withProviderData(@Nullable ProviderData newData) {
        return new ModelResponse(text, reasoning, toolCalls, usage, finishReason, rawFinishReason, newData);
    }
}
