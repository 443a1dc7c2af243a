package dev.rein.openai.internal;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;

/**
 * Whether a JSON schema fulfils what OpenAI asks of a strict one: every object closed, every property required, and only
 * keywords that its strict mode knows. Asking for strict with any other schema is answered with 400. See
 * <a href="https://platform.openai.com/docs/guides/structured-outputs#supported-schemas">OpenAI's list</a>.
 */
final class StrictSchema {

    private static final Set<String> KNOWN = Set.of(
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

    private StrictSchema() {}

    static boolean fulfilledBy(JsonNode schema) {
        return schema.path("type").asText().equals("object") && !schema.has("anyOf") && isStrict(schema);
    }

    private static boolean isStrict(JsonNode schema) {
        if (!schema.isObject()) {
            return false;
        }
        for (var field : schema.properties()) {
            if (!KNOWN.contains(field.getKey())) {
                return false;
            }
        }
        return isClosed(schema)
                && allStrict(schema.path("properties"))
                && allStrict(schema.path("$defs"))
                && allStrict(schema.path("definitions"))
                && allStrict(schema.path("anyOf"))
                && (!schema.has("items") || isStrict(schema.get("items")));
    }

    private static boolean isClosed(JsonNode schema) {
        var properties = schema.path("properties");
        if (!schema.path("type").asText().equals("object") && properties.isMissingNode()) {
            return true;
        }
        var closed = schema.path("additionalProperties");
        if (!closed.isBoolean() || closed.booleanValue()) {
            return false;
        }
        var required = schema.path("required");
        for (var property : properties.properties()) {
            var named = false;
            for (var name : required) {
                named |= name.asText().equals(property.getKey());
            }
            if (!named) {
                return false;
            }
        }
        return true;
    }

    /** Of an object's values or an array's elements. */
    private static boolean allStrict(JsonNode schemas) {
        for (var schema : schemas) {
            if (!isStrict(schema)) {
                return false;
            }
        }
        return true;
    }
}
