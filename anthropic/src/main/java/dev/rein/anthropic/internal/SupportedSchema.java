package dev.rein.anthropic.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;

/**
 * Brings a JSON schema into the form that structured outputs accept: objects are closed, and keywords that are not supported, such as
 * {@code minimum}, become part of the description, where the model reads them. Rein checks the answer against the whole schema. See
 * <a href="https://platform.claude.com/docs/en/build-with-claude/structured-outputs">structured outputs</a>.
 */
final class SupportedSchema {
    private static final Set<String> KEPT = Set.of(
            "$ref", "type", "enum", "const", "description", "title", "default", "required", "format", "minItems");

    private static final Set<String> FORMATS =
            Set.of("date-time", "time", "date", "duration", "email", "hostname", "uri", "ipv4", "ipv6", "uuid");

    private SupportedSchema() {}

    static JsonNode of(JsonNode schema) {
        if (!schema.isObject()) {
            return schema;
        }
        var supported = MessagesRequestMapper.object();
        var others = new StringJoiner(", ", "{", "}").setEmptyValue("");
        for (var keyword : schema.properties()) {
            if (!add(keyword.getKey(), keyword.getValue(), supported)) {
                others.add(keyword.getKey() + ": " + keyword.getValue());
            }
        }
        if (supported.has("properties") || supported.path("type").asText().equals("object")) {
            supported.put("additionalProperties", false);
        }
        if (!others.toString().isEmpty()) {
            var description = supported.path("description").asText("");
            supported.put("description", description.isEmpty() ? others.toString() : description + "\n" + others);
        }
        return supported;
    }

    /** Adds a keyword; false if it is not supported. */
    private static boolean add(String name, JsonNode value, ObjectNode supported) {
        switch (name) {
            case "$schema", "$id", "additionalProperties" -> {}
            case "properties", "$defs", "definitions" -> {
                var schemas = supported.putObject(name);
                for (Map.Entry<String, JsonNode> each : value.properties()) {
                    schemas.set(each.getKey(), of(each.getValue()));
                }
            }
            case "items" -> supported.set(name, of(value));
            case "anyOf", "oneOf", "allOf" -> {
                var schemas = supported.putArray(name.equals("allOf") ? name : "anyOf");
                value.forEach(each -> schemas.add(of(each)));
            }
            case "format" -> {
                if (!FORMATS.contains(value.asText())) {
                    return false;
                }
                supported.set(name, value);
            }
            case "minItems" -> {
                if (value.asInt() > 1) {
                    return false;
                }
                supported.set(name, value);
            }
            default -> {
                if (!KEPT.contains(name)) {
                    return false;
                }
                supported.set(name, value);
            }
        }
        return true;
    }
}
