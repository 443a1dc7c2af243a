package dev.rein.model;

import java.util.Objects;

/**
 * A model's wish to have a tool called.
 *
 * @param id the provider's id of this call, unique in its message
 * @param name the tool's name
 * @param arguments a JSON object as the model wrote it; may be invalid, because models err
 */
public record ToolCall(String id, String name, String arguments) {
    public ToolCall {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(arguments, "arguments");
    }
}
