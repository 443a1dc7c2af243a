package dev.rein.tools.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Schemas as servers write them: providers refuse whole requests for what is wrong in one of them. */
final class ServerSchemas {
    private static final int MAX_LENGTH = 256 * 1024;
    private static final int MAX_DEPTH = 100;
    private static final List<String> MAPS =
            List.of("properties", "patternProperties", "$defs", "definitions", "dependentSchemas");
    private static final Set<String> DATA = Set.of("default", "examples", "example", "const", "enum");

    private ServerSchemas() {}

    /**
     * The schema of a tool's parameters. An empty list in place of an object, which is what PHP writes for an empty object, and null are an
     * empty object, and a list of required properties that is none is left out.
     *
     * @return null if it can't be the schema of an object, is longer than 256 Ki characters or nested too deep
     */
    static @Nullable ObjectNode parameters(JsonNode given) {
        if (isNothing(given)) {
            return ofObject(JsonRpc.JSON.createObjectNode());
        }
        if (!(given instanceof ObjectNode schema)
                || !isOfObject(schema.path("type"))
                || schema.toString().length() > MAX_LENGTH) {
            return null;
        }
        // A copy, because the list of tools is shared.
        var copy = schema.deepCopy();
        return repair(copy, 0) ? ofObject(copy) : null;
    }

    private static ObjectNode ofObject(ObjectNode schema) {
        schema.put("type", "object");
        schema.withObject("/properties");
        return schema;
    }

    private static boolean isNothing(JsonNode node) {
        return node.isMissingNode() || node.isNull() || (node.isArray() && node.isEmpty());
    }

    private static boolean isOfObject(JsonNode type) {
        return isNothing(type)
                || type.asText().equals("object")
                || type.valueStream().anyMatch(each -> each.asText().equals("object"));
    }

    /** @return false if it can't be repaired */
    private static boolean repair(JsonNode node, int depth) {
        if (depth > MAX_DEPTH) {
            return false;
        }
        if (node instanceof ArrayNode list) {
            return list.valueStream().allMatch(each -> repair(each, depth + 1));
        }
        if (!(node instanceof ObjectNode schema)) {
            return true;
        }
        for (var keyword : MAPS) {
            if (schema.has(keyword)) {
                if (isNothing(schema.get(keyword))) {
                    schema.putObject(keyword);
                } else if (!schema.get(keyword).isObject() || !repairAll(schema.get(keyword), depth)) {
                    return false;
                }
            }
        }
        if (schema.has("required") && !isListOfTexts(schema.get("required"))) {
            schema.remove("required");
        }
        for (var keyword : List.of("items", "additionalProperties")) {
            if (schema.has(keyword) && isNothing(schema.get(keyword))) {
                schema.putObject(keyword);
            }
        }
        return schema
                .propertyStream()
                .filter(each -> !MAPS.contains(each.getKey()) && !DATA.contains(each.getKey()))
                .map(Map.Entry::getValue)
                .toList()
                .stream()
                .allMatch(each -> repair(each, depth + 1));
    }

    /** Repairs each schema of a map, where an empty list is a schema. */
    private static boolean repairAll(JsonNode map, int depth) {
        var schemas = (ObjectNode) map;
        for (var name : schemas.propertyStream().map(Map.Entry::getKey).toList()) {
            var schema = schemas.get(name);
            if (isNothing(schema)) {
                schemas.putObject(name);
            } else if (!(schema.isObject() || schema.isBoolean()) || !repair(schema, depth + 1)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isListOfTexts(JsonNode node) {
        return node.isArray() && node.valueStream().allMatch(JsonNode::isTextual);
    }
}
