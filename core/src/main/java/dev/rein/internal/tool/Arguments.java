package dev.rein.internal.tool;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.tool.ToolArgumentException;
import java.util.Map;

/** Reads the arguments of a tool call, as a model wrote them. */
public final class Arguments {
    private Arguments() {}

    /**
     * Reads a JSON object; no text at all is an empty one, because some models leave it out when there are no parameters.
     *
     * @throws ToolArgumentException if the text is no JSON object, has a key twice, is longer than 1 MiB or nested deeper
     *     than 100; the message says where and is meant for the model
     */
    public static ObjectNode parse(String json) {
        if (json.isBlank()) {
            return ToolJson.MAPPER.createObjectNode();
        }
        if (json.length() > ToolJson.LONGEST) {
            throw new ToolArgumentException(
                    "the arguments are " + json.length() + " characters long: give at most " + ToolJson.LONGEST);
        }
        JsonNode node;
        try {
            node = ToolJson.MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw new ToolArgumentException(
                    "the arguments are no valid JSON: " + ToolJson.complaint(e) + ": give one JSON object");
        }
        if (node instanceof ObjectNode object) {
            return object;
        }
        throw new ToolArgumentException("the arguments are " + ArgumentErrors.cut(node.toString())
                + ": give a JSON object with the parameters as keys");
    }

    /** Puts values that people have given over the arguments. */
    public static void put(ObjectNode arguments, Map<String, Object> given) {
        given.forEach((name, value) -> arguments.set(name, ToolJson.MAPPER.valueToTree(value)));
    }
}
