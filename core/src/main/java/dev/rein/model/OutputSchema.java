package dev.rein.model;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * The form an answer must have.
 *
 * @param name a short name for it: letters, digits, {@code _} and {@code -}
 * @param schema a JSON schema; not to be changed
 */
public record OutputSchema(String name, JsonNode schema) {}
