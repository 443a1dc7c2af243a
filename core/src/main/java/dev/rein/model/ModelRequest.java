package dev.rein.model;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A request to a model. Immutable.
 *
 * @param messages the conversation, oldest first, including the system message. It is valid for strict providers: every tool
 *     call has a result
 * @param tools the tools that the model may call; empty for none
 * @param outputSchema the schema of the answer; null for free text
 * @param settings settings of this request; they come before those of the model
 */
public record ModelRequest(
        List<Message> messages,
        List<ToolDefinition> tools,
        @Nullable OutputSchema outputSchema,
        ModelSettings settings) {
    public ModelRequest {
        messages = List.copyOf(messages);
        tools = List.copyOf(tools);
        Objects.requireNonNull(settings, "settings");
    }

    public ModelRequest(List<Message> messages, List<ToolDefinition> tools, @Nullable OutputSchema outputSchema) {
        this(messages, tools, outputSchema, ModelSettings.DEFAULTS);
    }

    public static ModelRequest of(Message... messages) {
        return new ModelRequest(List.of(messages), List.of(), null);
    }
}
