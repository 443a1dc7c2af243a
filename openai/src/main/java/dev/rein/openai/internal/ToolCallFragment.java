package dev.rein.openai.internal;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.http.ProviderJson;
import dev.rein.http.ToolCallJson;
import java.util.List;
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
        // Some servers omit the object around name and arguments, and some put only the name into it.
        var function = element.path("function").isObject() ? element.path("function") : element;
        var arguments = ToolCallJson.arguments(function, element);
        return new ToolCallFragment(
                chunk,
                index(element.path("index")),
                element.path("id").isValueNode() && !element.path("id").isNull()
                        ? element.path("id").asText()
                        : "",
                name(element),
                ToolCallJson.text(arguments),
                !arguments.isTextual());
    }

    /** The name of a call, or a part of it; empty for none. */
    static String name(JsonNode element) {
        for (var name : List.of(
                ProviderJson.text(element.path("function"), "name"),
                ProviderJson.text(element, "name"),
                ProviderJson.text(element, "function"))) {
            if (!name.isBlank()) {
                return name;
            }
        }
        return "";
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
