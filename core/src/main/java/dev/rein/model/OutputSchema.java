package dev.rein.model;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * The schema that an answer must match.
 *
 * @param name a short name: letters, digits, {@code _} and {@code -}
 * @param schema a JSON schema; must not be modified
 */
public record OutputSchema(String name, JsonNode schema) {}
