package dev.rein.internal.tool;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.rein.text.PlainText;
import java.io.IOException;

/** Parses a model's answer as a value of a Java type. */
public final class TypedValues {
    private static final ObjectReader READER =
            ToolJson.MAPPER.reader().without(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    private static final String FENCE = "```";

    private TypedValues() {}

    /**
     * Parses JSON, with or without a Markdown fence. Unknown properties are ignored; required ones must be present and not
     * null.
     *
     * @throws IllegalArgumentException if the value is not valid; the message names the place, the value and what is expected,
     *     and is meant for the model
     */
    public static Object read(String json, AnswerType type) {
        var text = withoutFence(json);
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
            Object value = READER.forType(type.type()).readValue(type.unwrapped(node));
            if (value == null) {
                throw new IllegalArgumentException("the answer is null: give " + expected(type));
            }
            return value;
        } catch (JsonMappingException e) {
            throw new IllegalArgumentException(
                    ArgumentErrors.of(
                            e,
                            type.property(node),
                            type.unwrapped(node),
                            type.type().getRawClass()),
                    e);
        } catch (IOException e) {
            throw new IllegalArgumentException("the answer can't be read: " + PlainText.message(e), e);
        }
    }

    /** The text within a Markdown fence, which begins with the fence, a language and a line break; otherwise all of it. */
    private static String withoutFence(String json) {
        var text = json.strip();
        if (!text.startsWith(FENCE) || !text.endsWith(FENCE)) {
            return json;
        }
        var from = FENCE.length();
        while (from < text.length() && Character.isLetter(text.charAt(from))) {
            from++;
        }
        var to = text.length() - FENCE.length();
        var line = from;
        while (line < to && text.charAt(line) != '\n' && Character.isWhitespace(text.charAt(line))) {
            line++;
        }
        return line < to && text.charAt(line) == '\n' ? text.substring(line, to).strip() : json;
    }

    private static String expected(AnswerType type) {
        return "JSON of this schema: " + type.schema().schema();
    }
}
