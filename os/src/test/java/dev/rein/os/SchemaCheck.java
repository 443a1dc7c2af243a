package dev.rein.os;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * Validates JSON against the schemas of an OpenAPI document: supports the keywords used there and refuses undeclared
 * fields.
 */
final class SchemaCheck {
    private final JsonNode document;

    SchemaCheck(JsonNode document) {
        this.document = document;
    }

    /** The violations; empty if the JSON is valid. */
    List<String> check(JsonNode schema, JsonNode value) {
        return check(schema, value, "$");
    }

    JsonNode resolve(JsonNode schema) {
        var reference = schema.path("$ref");
        if (reference.isMissingNode()) {
            return schema;
        }
        var target = document.at(reference.asText().substring(1));
        if (target.isMissingNode()) {
            throw new AssertionError("nothing is at " + reference);
        }
        return resolve(target);
    }

    private List<String> check(JsonNode given, JsonNode value, String at) {
        var schema = resolve(given);
        var wrong = new ArrayList<String>();
        if (schema.has("anyOf")) {
            var best = new ArrayList<List<String>>();
            for (var option : schema.path("anyOf")) {
                var found = check(option, value, at);
                if (found.isEmpty()) {
                    return List.of();
                }
                best.add(found);
            }
            return List.of(at + " fits none: " + best);
        }
        if (schema.has("type") && !isOfType(schema.path("type"), value)) {
            return List.of(at + " is " + value.getNodeType() + " and not " + schema.path("type"));
        }
        if (schema.has("enum") && !contains(schema.path("enum"), value)) {
            wrong.add(at + " is " + value + " and not one of " + schema.path("enum"));
        }
        for (var name : schema.path("required")) {
            if (!value.has(name.asText())) {
                wrong.add(at + "." + name.asText() + " is missing");
            }
        }
        if (schema.has("properties")) {
            value.properties().forEach(field -> {
                var property = schema.path("properties").path(field.getKey());
                if (property.isMissingNode()) {
                    wrong.add(at + "." + field.getKey() + " is not in the schema: " + field.getValue());
                } else {
                    wrong.addAll(check(property, field.getValue(), at + "." + field.getKey()));
                }
            });
        }
        if (schema.has("items")) {
            for (var i = 0; i < value.size(); i++) {
                wrong.addAll(check(schema.path("items"), value.get(i), at + "[" + i + "]"));
            }
        }
        return wrong;
    }

    private static boolean contains(JsonNode all, JsonNode one) {
        for (var each : all) {
            if (each.equals(one)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isOfType(JsonNode type, JsonNode value) {
        if (type.isArray()) {
            for (var each : type) {
                if (isOfType(each, value)) {
                    return true;
                }
            }
            return false;
        }
        return switch (type.asText()) {
            case "string" -> value.isTextual();
            case "integer" -> value.isIntegralNumber();
            case "number" -> value.isNumber();
            case "boolean" -> value.isBoolean();
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "null" -> value.isNull();
            default -> throw new AssertionError("a type that is none: " + type);
        };
    }
}
