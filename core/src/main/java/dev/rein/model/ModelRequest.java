package dev.rein.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a model is asked.
 *
 * @param messages the conversation, oldest first, system message included; valid under strict rules (every tool call has
 *     its result)
 * @param tools what the model may call; empty for none
 * @param outputSchema the form the answer must have; null for free text
 */
public record ModelRequest(
        List<Message> messages,
        List<ToolDefinition> tools,
        @Nullable OutputSchema outputSchema) {
    public ModelRequest {
        messages = List.copyOf(messages);
        tools = List.copyOf(tools);
    }

    public static ModelRequest of(Message... messages) {
        return new ModelRequest(List.of(messages), List.of(), null);
    }
}
