package dev.rein.model;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * The schema that an answer must match.
 *
 * @param name a short name: letters, digits, {@code _} and {@code -}
 * @param schema a JSON schema; must not be modified
 */
public record OutputSchema(String name, JsonNode schema) {

    /** A text that asks a model for such an answer, for APIs that have no parameter for it, or none beside tools. */
    public String instruction() {
        return "Give your final answer as JSON that matches this JSON schema, without any other text:\n" + schema;
    }
}
