package dev.rein.langchain4j;

import com.fasterxml.jackson.databind.JsonNode;
import dev.langchain4j.model.chat.request.json.JsonArraySchema;
import dev.langchain4j.model.chat.request.json.JsonBooleanSchema;
import dev.langchain4j.model.chat.request.json.JsonEnumSchema;
import dev.langchain4j.model.chat.request.json.JsonIntegerSchema;
import dev.langchain4j.model.chat.request.json.JsonNumberSchema;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonRawSchema;
import dev.langchain4j.model.chat.request.json.JsonSchemaElement;
import dev.langchain4j.model.chat.request.json.JsonStringSchema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes LangChain4j's schemas of JSON schemas. LangChain4j has classes for a few keywords; a schema with others is passed on as it is.
 * Stateless.
 */
final class SchemaMapper {
    private static final int MAX_DEPTH = 100;

    private SchemaMapper() {}

    /** The schema of a tool's parameters, for which LangChain4j accepts an object only. */
    static JsonObjectSchema object(JsonNode schema) {
        var builder = JsonObjectSchema.builder().description(text(schema, "description"));
        schema.path("properties")
                .properties()
                .forEach(property -> builder.addProperty(property.getKey(), element(property.getValue(), 1)));
        builder.required(texts(schema.path("required")));
        if (schema.path("additionalProperties").isBoolean()) {
            builder.additionalProperties(schema.get("additionalProperties").booleanValue());
        }
        for (var name : List.of("$defs", "definitions")) {
            var definitions = schema.path(name);
            if (!definitions.isEmpty()) {
                var elements = new LinkedHashMap<String, JsonSchemaElement>();
                definitions.properties().forEach(each -> elements.put(each.getKey(), element(each.getValue(), 1)));
                builder.definitions(elements);
            }
        }
        return builder.build();
    }

    /** The schema of an answer. */
    static JsonSchemaElement root(JsonNode schema) {
        return has(
                                schema,
                                Set.of(
                                        "$schema",
                                        "title",
                                        "type",
                                        "description",
                                        "properties",
                                        "required",
                                        "additionalProperties",
                                        "$defs"))
                        && schema.path("type").asText().equals("object")
                ? object(schema)
                : raw(schema);
    }

    private static JsonSchemaElement element(JsonNode schema, int depth) {
        var description = text(schema, "description");
        var type = schema.path("type").asText("");
        if (depth > MAX_DEPTH) {
            return raw(schema);
        }
        if (type.equals("object")
                && has(schema, Set.of("type", "description", "properties", "required", "additionalProperties"))) {
            return nested(schema, depth);
        }
        if (type.equals("array") && has(schema, Set.of("type", "description", "items")) && schema.has("items")) {
            return JsonArraySchema.builder()
                    .description(description)
                    .items(element(schema.get("items"), depth + 1))
                    .build();
        }
        if (type.equals("string") && has(schema, Set.of("type", "description", "enum")) && schema.has("enum")) {
            return JsonEnumSchema.builder()
                    .description(description)
                    .enumValues(texts(schema.get("enum")))
                    .build();
        }
        if (!has(schema, Set.of("type", "description"))) {
            return raw(schema);
        }
        return switch (type) {
            case "string" -> JsonStringSchema.builder().description(description).build();
            case "integer" ->
                JsonIntegerSchema.builder().description(description).build();
            case "number" -> JsonNumberSchema.builder().description(description).build();
            case "boolean" ->
                JsonBooleanSchema.builder().description(description).build();
            default -> raw(schema);
        };
    }

    private static JsonSchemaElement nested(JsonNode schema, int depth) {
        var additional = schema.get("additionalProperties");
        if (additional != null && !additional.isBoolean()) {
            return raw(schema);
        }
        var builder = JsonObjectSchema.builder()
                .description(text(schema, "description"))
                .required(texts(schema.path("required")));
        schema.path("properties")
                .properties()
                .forEach(property -> builder.addProperty(property.getKey(), element(property.getValue(), depth + 1)));
        if (additional != null) {
            builder.additionalProperties(additional.booleanValue());
        }
        return builder.build();
    }

    private static JsonSchemaElement raw(JsonNode schema) {
        return JsonRawSchema.from(schema.toString());
    }

    private static boolean has(JsonNode schema, Set<String> onlyThese) {
        var names = new ArrayList<String>();
        schema.fieldNames().forEachRemaining(names::add);
        return onlyThese.containsAll(names);
    }

    private static @Nullable String text(JsonNode schema, String name) {
        return schema.path(name).textValue();
    }

    private static List<String> texts(JsonNode array) {
        var texts = new ArrayList<String>();
        array.forEach(each -> texts.add(each.asText()));
        return texts;
    }
}
