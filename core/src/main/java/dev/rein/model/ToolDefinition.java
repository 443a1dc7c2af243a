package dev.rein.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Objects;

/**
 * The definition of a tool for the model.
 *
 * @param name the name: letters, digits, {@code _} and {@code -}, at most 64
 * @param description a description for the model
 * @param parameters a JSON schema of type object; must not be modified
 */
public record ToolDefinition(String name, String description, JsonNode parameters) {
    public ToolDefinition {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(description, "description");
        Objects.requireNonNull(parameters, "parameters");
    }
}
