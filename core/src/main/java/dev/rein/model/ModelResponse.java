package dev.rein.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One complete response of a model.
 *
 * @param text the answer's text; empty when it only calls tools
 * @param reasoning the reasoning the provider showed; null when none
 * @param toolCalls what it wants called, in its order; empty for none
 * @param usage the provider's count; null when it gave none
 * @param finishReason why it ended, in the provider's word ({@code stop}, {@code length}, {@code tool_calls} ...); null when unknown
 */
public record ModelResponse(
        String text,
        @Nullable String reasoning,
        List<ToolCall> toolCalls,
        @Nullable Usage usage,
        @Nullable String finishReason) {
    public ModelResponse {
        toolCalls = List.copyOf(toolCalls);
    }

    public static ModelResponse of(String text) {
        return new ModelResponse(text, null, List.of(), null, "stop");
    }

    public static ModelResponse of(List<ToolCall> toolCalls) {
        return new ModelResponse("", null, toolCalls, null, "tool_calls");
    }
}
