package dev.rein.model;

import java.util.Objects;

/**
 * A tool call requested by the model.
 *
 * @param id the id given by the provider, unique in its message
 * @param name the name of the tool
 * @param arguments the arguments as the model wrote them: a JSON object, but possibly invalid
 */
public record ToolCall(String id, String name, String arguments) {
    public ToolCall {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(arguments, "arguments");
    }
}
