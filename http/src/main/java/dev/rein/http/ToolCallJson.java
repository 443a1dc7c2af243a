package dev.rein.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.rein.model.ModelException;
import java.util.List;

/** Reads the tool calls of a response, whose arguments servers send under several names, in several places and as values of any type. */
public final class ToolCallJson {

    /** The most tool calls in a response. Far above what models call at once. */
    public static final int MAX_CALLS = 1_000;

    private static final List<String> NAMES = List.of("arguments", "args", "input", "parameters");

    private ToolCallJson() {}

    /**
     * Checks that a response has room for another call.
     *
     * @param calls the number of calls so far
     * @throws ModelException of kind MALFORMED if it has none
     */
    public static void requireRoom(int calls) {
        if (calls >= MAX_CALLS) {
            throw new ModelException(
                    ModelException.Kind.MALFORMED,
                    "The response has more than " + MAX_CALLS + " tool calls: no model calls so many tools at once");
        }
    }

    /**
     * The arguments of a call: the first ones that are given, in the order of the places. Empty ones count only if there are no others.
     *
     * @param places the objects to look in
     * @return missing if there are none
     */
    public static JsonNode arguments(JsonNode... places) {
        JsonNode empty = MissingNode.getInstance();
        for (var place : places) {
            for (var name : NAMES) {
                var value = place.path(name);
                if (!isNone(value)) {
                    return value;
                }
                empty = empty.isMissingNode() || empty.isNull() ? value : empty;
            }
        }
        return empty;
    }

    private static boolean isNone(JsonNode value) {
        return value.isNull()
                || (value.isTextual() && value.textValue().isBlank())
                || (!value.isValueNode() && value.isEmpty());
    }

    /**
     * The arguments as a text: that of a string, or the JSON of a value. A value of another type than an object is an error that the model
     * can read.
     *
     * @return empty if there are none
     */
    public static String text(JsonNode arguments) {
        if (arguments.isMissingNode() || arguments.isNull()) {
            return "";
        }
        return arguments.isTextual() ? arguments.textValue() : arguments.toString();
    }
}
