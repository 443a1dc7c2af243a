package dev.rein.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Objects;

/**
 * A tool as a model sees it.
 *
 * @param name letters, digits, {@code _} and {@code -}, at most 64
 * @param description what it does, for the model
 * @param parameters a JSON schema of type object; not to be changed
 */
public record ToolDefinition(String name, String description, JsonNode parameters) {
    public ToolDefinition {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(description, "description");
        Objects.requireNonNull(parameters, "parameters");
    }
}
