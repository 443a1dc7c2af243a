package dev.rein.openai.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.http.ProviderJson;
import org.jspecify.annotations.Nullable;

/**
 * A JSON value that arrives in parts. It knows at each time whether the value is whole, without reading it again. Confined to one thread.
 */
final class PartialJson {

    private final StringBuilder text = new StringBuilder();
    private int depth;
    private boolean inString;
    private boolean escaped;
    private boolean blank = true;

    /** Number of objects, arrays and strings that have begun outside of any other. */
    private int values;

    /** Whether there is anything else outside of them. */
    private boolean others;

    void append(String part) {
        text.append(part);
        for (var i = 0; i < part.length(); i++) {
            scan(part.charAt(i));
        }
    }

    /** Follows objects, arrays and strings only: whether the rest is valid is checked by those who read the value. */
    private void scan(char c) {
        if (inString) {
            inString = escaped || c != '"';
            escaped = !escaped && c == '\\';
            return;
        }
        switch (c) {
            case ' ', '\t', '\n', '\r' -> {
                return;
            }
            case '"' -> {
                inString = true;
                values += depth == 0 ? 1 : 0;
            }
            case '{', '[' -> {
                values += depth == 0 ? 1 : 0;
                depth++;
            }
            case '}', ']' -> depth--;
            default -> others |= depth == 0;
        }
        blank = false;
    }

    /** Whether the text is a complete object, array or string, or null. */
    boolean isWhole() {
        return values == 0 ? isNull() : values == 1 && depth == 0 && !inString && !others;
    }

    private boolean isNull() {
        return text.length() < 16 && text.toString().strip().equals("null");
    }

    boolean isBlank() {
        return blank;
    }

    void replace(String value) {
        text.setLength(0);
        depth = 0;
        inString = false;
        escaped = false;
        blank = true;
        values = 0;
        others = false;
        append(value);
    }

    /** The text as it was received. */
    @Override
    public String toString() {
        return text.toString();
    }

    /** The object in this text, also if the text is a JSON string that contains it; null if there is none. */
    static @Nullable String object(String text) {
        var value = read(text);
        if (value != null && value.isTextual()) {
            var inner = read(value.textValue());
            return inner != null && inner.isObject() ? value.textValue() : null;
        }
        return value != null && value.isObject() ? text : null;
    }

    private static @Nullable JsonNode read(String text) {
        var first = text.stripLeading();
        if (!first.startsWith("{") && !first.startsWith("\"")) {
            return null;
        }
        try {
            return ProviderJson.mapper().readTree(text);
        } catch (JsonProcessingException e) {
            return null;
        }
    }
}
