package dev.rein.internal.tool;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.IOException;
import java.util.regex.Pattern;

/** Parses a model's answer as a value of a Java type. */
public final class TypedValues {
    private static final ObjectReader READER =
            ToolJson.MAPPER.reader().without(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    private static final Pattern FENCE =
            Pattern.compile("\\A\\s*```[A-Za-z]*\\s*\\R(.*?)\\R?\\s*```\\s*\\z", Pattern.DOTALL);

    private TypedValues() {}

    /**
     * Parses JSON, with or without a Markdown fence. Unknown properties are ignored; required ones must be present and not
     * null.
     *
     * @throws IllegalArgumentException if the value is not valid; the message names the place, the value and what is expected,
     *     and is meant for the model
     */
    public static <T> T read(String json, Class<T> type) {
        var fence = FENCE.matcher(json);
        var text = fence.matches() ? fence.group(1) : json;
        if (text.isBlank()) {
            throw new IllegalArgumentException("the answer is empty: give " + expected(type));
        }
        if (text.length() > ToolJson.MAX_LENGTH) {
            throw new IllegalArgumentException(
                    "the answer is " + text.length() + " characters long: give at most " + ToolJson.MAX_LENGTH);
        }
        JsonNode node;
        try {
            node = ToolJson.MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "the answer is not valid JSON: " + ToolJson.describe(e) + ": give " + expected(type), e);
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
        return "JSON of this schema: " + Schemas.of(type);
    }
}
