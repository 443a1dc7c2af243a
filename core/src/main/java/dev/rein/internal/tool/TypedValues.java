package dev.rein.internal.tool;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.IOException;
import java.util.regex.Pattern;

/** Reads a model's answer as a value. */
public final class TypedValues {
    private static final ObjectReader READER =
            ToolJson.MAPPER.reader().without(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    private static final Pattern FENCE =
            Pattern.compile("\\A\\s*```[A-Za-z]*\\s*\\R(.*?)\\R?\\s*```\\s*\\z", Pattern.DOTALL);

    private TypedValues() {}

    /**
     * Reads JSON, also in a Markdown fence. What the type does not know is ignored; what it needs must be there and must
     * not be null.
     *
     * @throws IllegalArgumentException if it does not fit; the message names the place, the value and what would fit, and is
     *     meant for the model
     */
    public static <T> T read(String json, Class<T> type) {
        var fence = FENCE.matcher(json);
        var text = fence.matches() ? fence.group(1) : json;
        if (text.isBlank()) {
            throw new IllegalArgumentException("the answer is empty: give " + expected(type));
        }
        if (text.length() > ToolJson.LONGEST) {
            throw new IllegalArgumentException(
                    "the answer is " + text.length() + " characters long: give at most " + ToolJson.LONGEST);
        }
        JsonNode node;
        try {
            node = ToolJson.MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "the answer is no valid JSON: " + ToolJson.complaint(e) + ": give " + expected(type), e);
        }
        try {
            T value = READER.forType(type).readValue(node);
            if (value == null) {
                throw new IllegalArgumentException("the answer is null: give " + expected(type));
            }
            return value;
        } catch (JsonMappingException e) {
            throw new IllegalArgumentException(ArgumentErrors.of(e, "", node, type), e);
        } catch (IOException e) {
            throw new IllegalArgumentException("the answer can't be read: " + e.getMessage(), e);
        }
    }

    private static String expected(Class<?> type) {
        return "JSON that fits this schema: " + Schemas.of(type);
    }
}
