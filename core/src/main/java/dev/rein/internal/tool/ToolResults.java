package dev.rein.internal.tool;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.InvalidDefinitionException;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Converts the return value of a tool to text for the model. */
public final class ToolResults {
    private ToolResults() {}

    /**
     * The text of a result: strings unchanged, null as {@code null}, an Optional as its value, everything else as JSON. JSON
     * strings (times, enums, paths) have no quotes; objects that JSON can't express are written by their {@code toString}.
     *
     * @throws IllegalArgumentException if the object can't be written, for example because it contains itself
     */
    public static String text(@Nullable Object result) {
        if (result instanceof String text) {
            return text;
        }
        if (result instanceof Optional<?> optional) {
            return text(optional.orElse(null));
        }
        if (result instanceof JsonNode node) {
            return node.isTextual() ? node.textValue() : node.toString();
        }
        try {
            var json = ToolJson.MAPPER.writeValueAsString(result);
            return json.startsWith("\"") ? ToolJson.MAPPER.readValue(json, String.class) : json;
        } catch (InvalidDefinitionException e) {
            return Objects.requireNonNullElse(String.valueOf(result), "null");
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the result can't be written as JSON: " + e.getOriginalMessage(), e);
        }
    }
}
