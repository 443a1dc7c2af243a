package dev.rein.model;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A tool call requested by the model.
 *
 * @param id the id given by the provider, unique in its message
 * @param name the name of the tool
 * @param arguments the arguments as the model wrote them: a JSON object, but possibly invalid
 * @param providerData what the provider wants back with this call; null for nothing
 */
public record ToolCall(
        String id, String name, String arguments, @Nullable ProviderData providerData) {
    public ToolCall {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(arguments, "arguments");
    }

    public ToolCall(String id, String name, String arguments) {
        this(id, name, arguments, null);
    }

    /** Whether it has neither a name nor arguments, as some servers send beside real calls: nothing can be called. */
    public boolean isEmpty() {
        return name.isBlank() && (arguments.isBlank() || arguments.strip().equals("{}"));
    }

    /** A copy with another id. */
    public ToolCall withId(String newId) {
        return new ToolCall(newId, name, arguments, providerData);
    }

    /** A copy with other arguments, without the data of the provider, which is about the arguments that the model wrote. */
    public ToolCall withArguments(String newArguments) {
        return new ToolCall(id, name, newArguments);
    }

    /** A copy with another name. */
    public ToolCall withName(String newName) {
        return new ToolCall(id, newName, arguments, providerData);
    }
}
