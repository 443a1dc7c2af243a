package dev.rein.internal.tool;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.rein.text.PlainText;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Parses a model's answer as a value of a Java type. */
public final class TypedValues {
    private static final ObjectReader READER =
            ToolJson.MAPPER.reader().without(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    private static final String FENCE = "```";

    private TypedValues() {}

    /**
     * Parses the JSON value of an answer. Unknown properties are ignored; required ones must be present and not null. Of an answer
     * that contains more than JSON, see {@link EmbeddedJson}, the one value that fits is taken; if several different ones fit, none is.
     *
     * @throws IllegalArgumentException if there is no valid value; the message names the place, the value and what is expected,
     *     and is meant for the model
     */
    public static Object read(String answer, AnswerType type) {
        try {
            return readWhole(answer, type);
        } catch (IllegalArgumentException e) {
            if (answer.length() > ToolJson.MAX_LENGTH) {
                throw e;
            }
            var values = EmbeddedJson.values(answer);
            return values.isEmpty() ? rethrow(e) : readOnly(values, type, e);
        }
    }

    /**
     * Parses an answer that is JSON, with or without a Markdown fence.
     *
     * @throws IllegalArgumentException as {@link #read}
     */
    public static Object readWhole(String answer, AnswerType type) {
        var text = withoutFence(answer);
        if (text.isBlank()) {
            throw new IllegalArgumentException("the answer is empty: give " + expected(type));
        }
        if (text.length() > ToolJson.MAX_LENGTH) {
            throw new IllegalArgumentException(
                    "the answer is " + text.length() + " characters long: give at most " + ToolJson.MAX_LENGTH);
        }
        try {
            return convert(ToolJson.MAPPER.readTree(text), type);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "the answer is not valid JSON: " + ToolJson.describe(e) + ": give " + expected(type), e);
        }
    }

    /**
     * Writes a value as JSON.
     *
     * @throws IllegalArgumentException if it can't be written
     */
    public static String write(Object value) {
        try {
            return ToolJson.MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "the value of " + value.getClass().getName() + " can't be written as JSON: " + PlainText.message(e),
                    e);
        }
    }

    /**
     * The one of several values that fits.
     *
     * @param notWhole why the answer as a whole does not
     */
    private static Object readOnly(List<JsonNode> values, AnswerType type, IllegalArgumentException notWhole) {
        Map<JsonNode, Object> fitting = new HashMap<>();
        var problem = notWhole;
        for (var value : values) {
            try {
                fitting.put(value, convert(value, type));
            } catch (IllegalArgumentException e) {
                problem = values.size() == 1 ? e : notWhole;
            }
        }
        if (fitting.size() > 1) {
            throw new IllegalArgumentException("the answer contains " + fitting.size()
                    + " different values: give one, which is " + expected(type));
        }
        return fitting.isEmpty()
                ? rethrow(problem)
                : fitting.values().iterator().next();
    }

    private static Object rethrow(IllegalArgumentException e) {
        throw e;
    }

    private static Object convert(JsonNode node, AnswerType type) {
        try {
            var json = type.unwrapped(node);
            type.check(json);
            Object value = READER.forType(type.type()).readValue(json);
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
