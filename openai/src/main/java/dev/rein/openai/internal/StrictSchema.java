package dev.rein.openai.internal;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;

/**
 * Checks whether a JSON schema is valid in OpenAI's strict mode: all objects closed, all properties required, and no keywords but those
 * that the mode supports. Other schemas in strict mode are rejected with status 400. See
 * <a href="https://platform.openai.com/docs/guides/structured-outputs#supported-schemas">supported schemas</a>.
 */
final class StrictSchema {

    private static final Set<String> SUPPORTED_KEYWORDS = Set.of(
            "$schema",
            "$ref",
            "$defs",
            "definitions",
            "title",
            "description",
            "type",
            "properties",
            "required",
            "additionalProperties",
            "items",
            "enum",
            "const",
            "anyOf",
            "pattern",
            "format",
            "multipleOf",
            "minimum",
            "maximum",
            "exclusiveMinimum",
            "exclusiveMaximum",
            "minItems",
            "maxItems");

    private static final Set<String> TYPING_KEYWORDS = Set.of("type", "$ref", "anyOf", "enum", "const");

    private StrictSchema() {}

    static boolean supports(JsonNode schema) {
        return schema.path("type").asText().equals("object") && !schema.has("anyOf") && isStrict(schema);
    }

    private static boolean isStrict(JsonNode schema) {
        if (!schema.isObject()) {
            return false;
        }
        for (var field : schema.properties()) {
            if (!SUPPORTED_KEYWORDS.contains(field.getKey())) {
                return false;
            }
        }
        return isTyped(schema)
                && isClosed(schema)
                && allStrict(schema.path("properties"))
                && allStrict(schema.path("$defs"))
                && allStrict(schema.path("definitions"))
                && allStrict(schema.path("anyOf"))
                && (!schema.has("items") || isStrict(schema.get("items")));
    }

    /** A schema that permits anything, and a list of anything, are refused. */
    private static boolean isTyped(JsonNode schema) {
        var hasType = false;
        for (var keyword : TYPING_KEYWORDS) {
            hasType |= schema.has(keyword);
        }
        return hasType && (!schema.path("type").asText().equals("array") || schema.has("items"));
    }

    private static boolean isClosed(JsonNode schema) {
        var properties = schema.path("properties");
        if (!schema.path("type").asText().equals("object") && properties.isMissingNode()) {
            return true;
        }
        var additional = schema.path("additionalProperties");
        if (!additional.isBoolean() || additional.booleanValue()) {
            return false;
        }
        var required = schema.path("required");
        for (var property : properties.properties()) {
            var isRequired = false;
            for (var name : required) {
                isRequired |= name.asText().equals(property.getKey());
            }
            if (!isRequired) {
                return false;
            }
        }
        return true;
    }

    /** Checks the values of an object or the elements of an array. */
    private static boolean allStrict(JsonNode schemas) {
        for (var schema : schemas) {
            if (!isStrict(schema)) {
                return false;
            }
        }
        return true;
    }
}
