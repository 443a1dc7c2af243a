package dev.rein.internal.tool;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.InvalidDefinitionException;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Turns what a tool returned into what the model reads. */
public final class ToolResults {
    private ToolResults() {}

    /**
     * A string as it is, null as {@code null}, what an Optional holds, and anything else as JSON; what JSON has as a string
     * (times, enums, paths) without quotes, and an object that JSON can't express by its {@code toString}.
     *
     * @throws IllegalArgumentException if the object can't be written, as when it contains itself
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
