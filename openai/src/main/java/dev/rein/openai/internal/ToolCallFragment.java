package dev.rein.openai.internal;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.http.ProviderJson;
import org.jspecify.annotations.Nullable;

/**
 * A part of a tool call, or a whole one.
 *
 * @param chunk the number of the chunk that contains it
 * @param index null if the server has sent none
 * @param id empty if the server has sent none
 * @param name the name or a part of it; empty for none
 * @param arguments the arguments or a part of them; empty for none
 * @param isValue whether the arguments were sent as a JSON value instead of a string, so that nothing follows
 */
record ToolCallFragment(int chunk, @Nullable Integer index, String id, String name, String arguments, boolean isValue) {

    /** Reads an element of {@code tool_calls}, or the value of {@code function_call}. */
    static ToolCallFragment of(int chunk, JsonNode element) {
        // Some servers omit the object around name and arguments.
        var function = element.path("function").isObject() ? element.path("function") : element;
        var arguments = function.path("arguments");
        if (arguments.isMissingNode()) {
            arguments = function.path("parameters");
        }
        var name = ProviderJson.text(function, "name");
        return new ToolCallFragment(
                chunk,
                index(element.path("index")),
                element.path("id").isValueNode() && !element.path("id").isNull()
                        ? element.path("id").asText()
                        : "",
                name.isBlank() ? "" : name,
                argumentsText(arguments),
                !arguments.isTextual());
    }

    /** The text of arguments of any type; empty for none. A value of another type than an object is an error that the model can read. */
    static String argumentsText(JsonNode arguments) {
        if (arguments.isMissingNode() || arguments.isNull()) {
            return "";
        }
        return arguments.isTextual() ? arguments.textValue() : arguments.toString();
    }

    static @Nullable Integer index(JsonNode index) {
        if (index.canConvertToInt()) {
            return index.intValue();
        }
        // Gives the default for texts that are no numbers.
        return index.isTextual() && index.asInt(-1) >= 0 ? (Integer) index.asInt() : null;
    }

    boolean hasName() {
        return !name.isEmpty();
    }
}
