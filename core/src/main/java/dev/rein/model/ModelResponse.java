package dev.rein.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A complete response of a model. Immutable.
 *
 * @param text the text; empty if the response only calls tools
 * @param reasoning the reasoning that the provider returned; null for none
 * @param toolCalls the requested tool calls, in their order; empty for none
 * @param usage the tokens counted by the provider; null if it sent no count
 * @param finishReason the provider's reason for the end, such as {@code stop}, {@code length} or {@code tool_calls}; null
 *     when unknown
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
