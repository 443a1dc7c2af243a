package dev.rein.internal.tool;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.tool.ToolArgumentException;
import java.util.Map;

/** Parses the arguments of a tool call as a model wrote them. */
public final class Arguments {
    private Arguments() {}

    /**
     * Parses a JSON object. Blank text is an empty object, because some models omit the arguments of a tool without parameters.
     *
     * @throws ToolArgumentException if the text is not a JSON object, has a duplicate key, is longer than 1 MiB or nested deeper
     *     than 100; the message says where and is meant for the model
     */
    public static ObjectNode parse(String json) {
        if (json.isBlank()) {
            return ToolJson.MAPPER.createObjectNode();
        }
        if (json.length() > ToolJson.MAX_LENGTH) {
            throw new ToolArgumentException(
                    "the arguments are " + json.length() + " characters long: give at most " + ToolJson.MAX_LENGTH);
        }
        JsonNode node;
        try {
            node = ToolJson.MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw new ToolArgumentException(
                    "the arguments are not valid JSON: " + ToolJson.describe(e) + ": give one JSON object");
        }
        if (node instanceof ObjectNode object) {
            return object;
        }
        throw new ToolArgumentException("the arguments are " + ArgumentErrors.truncate(node.toString())
                + ": give a JSON object with the parameters as keys");
    }

    /** Replaces arguments by the values of a decision. */
    public static void put(ObjectNode arguments, Map<String, Object> overrides) {
        overrides.forEach((name, value) -> arguments.set(name, ToolJson.MAPPER.valueToTree(value)));
    }
}
