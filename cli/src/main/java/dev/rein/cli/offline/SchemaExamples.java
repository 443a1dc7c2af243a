package dev.rein.cli.offline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

/** Generates values that match a JSON schema: the offline model's tool arguments and typed answers. */
final class SchemaExamples {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final int MAX_STRING = 120;
    private static final int MAX_DEPTH = 16;

    private final JsonNode root;
    private final String text;

    private SchemaExamples(JsonNode root, String text) {
        this.root = root;
        this.text = text.strip().length() <= MAX_STRING
                ? text.strip()
                : text.strip().substring(0, MAX_STRING).strip();
    }

    /** @param text source of string values */
    static JsonNode of(JsonNode schema, String text) {
        return new SchemaExamples(schema, text).value(schema, 0);
    }

    private JsonNode value(JsonNode schema, int depth) {
        if (depth > MAX_DEPTH) {
            return JSON.nullNode();
        }
        if (schema.hasNonNull("$ref")) {
            // References are JSON pointers within the schema: "#/$defs/Name".
            return value(root.at(schema.get("$ref").asText().substring(1)), depth + 1);
        }
        if (schema.has("const")) {
            return schema.get("const");
        }
        if (schema.path("enum").size() > 0) {
            return schema.get("enum").get(0);
        }
        for (var choice : new String[] {"anyOf", "oneOf", "allOf"}) {
            if (schema.path(choice).size() > 0) {
                return value(schema.get(choice).get(0), depth + 1);
            }
        }
        return switch (type(schema)) {
            case "object" -> object(schema, depth);
            case "array" -> array(schema, depth);
            case "integer" -> JSON.numberNode(Math.round(number(schema)));
            case "number" -> JSON.numberNode(number(schema));
            case "boolean" -> JSON.booleanNode(true);
            case "null" -> JSON.nullNode();
            default -> JSON.textNode(string(schema));
        };
    }

    private static String type(JsonNode schema) {
        var type = schema.path("type");
        if (type.isArray()) {
            return type.path(0).asText();
        }
        if (type.isTextual()) {
            return type.asText();
        }
        return schema.has("properties") ? "object" : "string";
    }

    private JsonNode object(JsonNode schema, int depth) {
        var object = JSON.objectNode();
        for (var name : schema.path("required")) {
            object.set(name.asText(), value(schema.path("properties").path(name.asText()), depth + 1));
        }
        return object;
    }

    private JsonNode array(JsonNode schema, int depth) {
        var array = JSON.arrayNode();
        var length = Math.max(1, schema.path("minItems").asInt(1));
        for (int i = 0; i < length; i++) {
            array.add(value(schema.path("items"), depth + 1));
        }
        return array;
    }

    private static double number(JsonNode schema) {
        if (schema.has("minimum")) {
            return schema.get("minimum").asDouble();
        }
        if (schema.has("exclusiveMinimum")) {
            return schema.get("exclusiveMinimum").asDouble() + 1;
        }
        return Math.min(1, schema.path("maximum").asDouble(1));
    }

    private String string(JsonNode schema) {
        return switch (schema.path("format").asText()) {
            case "date" -> "2026-01-01";
            case "date-time" -> "2026-01-01T00:00:00Z";
            case "uri" -> "https://example.com/";
            case "uuid" -> "00000000-0000-4000-8000-000000000000";
            default -> text.isEmpty() ? "dragons" : text;
        };
    }
}
