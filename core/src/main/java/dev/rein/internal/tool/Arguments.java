package dev.rein.internal.tool;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.internal.schema.ArgumentReader;
import dev.rein.internal.schema.SchemaCheck;
import dev.rein.model.ToolDefinition;
import dev.rein.tool.ToolArgumentException;
import java.util.Map;

/** Parses the arguments of a tool call as a model wrote them. */
public final class Arguments {
    private static final int MAX_ENCODINGS = 3;
    private static final ArgumentReader READER = new ArgumentReader(ToolJson.MAPPER);

    private Arguments() {}

    /**
     * Parses the arguments of a tool by its schema. What the model wrote in another form is read if nothing is lost; see {@link
     * ArgumentReader}.
     *
     * @throws ToolArgumentException as {@link #parse(String)}
     */
    public static ObjectNode parse(String json, JsonNode schema) {
        return READER.read(parse(json), schema);
    }

    /**
     * Checks the arguments of a tool that has no Java signature.
     *
     * @throws ToolArgumentException if they don't match the schema; the message names the values and is meant for the model
     */
    public static void check(ObjectNode arguments, ToolDefinition tool) {
        var problems = SchemaCheck.problems(arguments, tool.parameters());
        if (!problems.isEmpty()) {
            throw new ToolArgumentException("the arguments of " + tool.name() + " are not valid: parameter "
                    + String.join("; parameter ", problems));
        }
    }

    /**
     * Parses a JSON object. No text, null and an empty list are an empty object, because some models write them for a tool without
     * parameters. Some models encode the object several times; a text is therefore parsed again.
     *
     * @throws ToolArgumentException if the text is not a JSON object, has a duplicate key, is longer than 1 MiB or nested deeper
     *     than 100; the message says where and is meant for the model
     */
    public static ObjectNode parse(String json) {
        if (json.length() > ToolJson.MAX_LENGTH) {
            throw new ToolArgumentException(
                    "the arguments are " + json.length() + " characters long: give at most " + ToolJson.MAX_LENGTH);
        }
        var node = node(json);
        for (int i = 0; i < MAX_ENCODINGS && node.isTextual() && looksLikeJson(node.textValue()); i++) {
            node = node(node.textValue());
        }
        if (node instanceof ObjectNode object) {
            return object;
        }
        if (node.isNull()
                || (node.isArray() && node.isEmpty())
                || (node.isTextual() && node.textValue().isBlank())) {
            return ToolJson.MAPPER.createObjectNode();
        }
        throw new ToolArgumentException("the arguments are " + ArgumentErrors.truncate(node.toString())
                + ": give a JSON object with the parameters as keys");
    }

    private static boolean looksLikeJson(String text) {
        var stripped = text.strip();
        return stripped.startsWith("{")
                || stripped.startsWith("\"")
                || stripped.equals("null")
                || stripped.equals("[]");
    }

    private static JsonNode node(String json) {
        if (json.isBlank()) {
            return ToolJson.MAPPER.createObjectNode();
        }
        try {
            return ToolJson.MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw new ToolArgumentException(
                    "the arguments are not valid JSON: " + ToolJson.describe(e) + ": give one JSON object");
        }
    }

    /** Replaces arguments by the values of a decision. */
    public static void put(ObjectNode arguments, Map<String, Object> overrides) {
        overrides.forEach((name, value) -> arguments.set(name, ToolJson.MAPPER.valueToTree(value)));
    }
}
