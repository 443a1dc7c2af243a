package dev.rein.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Text without halves of surrogate pairs. A text that was cut between the two, such as by a stop within an emoji, can't be
 * encoded as UTF-8, and servers refuse the request. Each half becomes U+FFFD, the replacement character.
 */
final class WellFormedText {
    private static final char REPLACEMENT = '\uFFFD';
    private static final String ESCAPED_REPLACEMENT = "\\ufffd";
    private static final int ESCAPE_LENGTH = ESCAPED_REPLACEMENT.length();

    private WellFormedText() {}

    /** The text itself if it is well-formed. */
    static String of(String text) {
        var at = firstHalf(text, 0);
        if (at < 0) {
            return text;
        }
        var mended = new StringBuilder(text);
        while (at >= 0) {
            mended.setCharAt(at, REPLACEMENT);
            at = firstHalf(text, at + 1);
        }
        return mended.toString();
    }

    /** As {@link #of}; null for null. */
    static @Nullable String ofNullable(@Nullable String text) {
        return text == null ? null : of(text);
    }

    /** The index of the first half of a pair that stands alone; -1 if there is none. */
    private static int firstHalf(String text, int from) {
        for (var i = from; i < text.length(); i++) {
            var each = text.charAt(i);
            if (!Character.isSurrogate(each)) {
                continue;
            }
            if (Character.isHighSurrogate(each)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
                continue;
            }
            return i;
        }
        return -1;
    }

    /** JSON text, in which halves may also be escaped. The text itself if it is well-formed. */
    static String ofJson(String json) {
        var text = of(json);
        return text.contains("\\u") ? withoutEscapedHalves(text) : text;
    }

    private static String withoutEscapedHalves(String json) {
        var mended = new StringBuilder(json.length());
        var i = 0;
        while (i < json.length()) {
            if (json.charAt(i) != '\\') {
                mended.append(json.charAt(i));
                i++;
                continue;
            }
            var unit = escapedUnit(json, i);
            if (unit < 0) {
                // Another escape: two characters, such as a backslash that is followed by the letter u.
                mended.append(json, i, Math.min(i + 2, json.length()));
                i += 2;
            } else if (!Character.isSurrogate((char) unit)) {
                mended.append(json, i, i + ESCAPE_LENGTH);
                i += ESCAPE_LENGTH;
            } else if (Character.isHighSurrogate((char) unit) && isLow(escapedUnit(json, i + ESCAPE_LENGTH))) {
                mended.append(json, i, i + 2 * ESCAPE_LENGTH);
                i += 2 * ESCAPE_LENGTH;
            } else {
                mended.append(ESCAPED_REPLACEMENT);
                i += ESCAPE_LENGTH;
            }
        }
        return mended.toString();
    }

    private static boolean isLow(int unit) {
        return unit >= 0 && Character.isLowSurrogate((char) unit);
    }

    /** The character of an escape with four hexadecimal digits; -1 if there is none at the index. */
    private static int escapedUnit(String json, int at) {
        if (at + ESCAPE_LENGTH > json.length() || json.charAt(at) != '\\' || json.charAt(at + 1) != 'u') {
            return -1;
        }
        var unit = 0;
        for (var i = at + 2; i < at + ESCAPE_LENGTH; i++) {
            var digit = Character.digit(json.charAt(i), 16);
            if (digit < 0) {
                return -1;
            }
            unit = unit * 16 + digit;
        }
        return unit;
    }

    /** A tree with well-formed texts and keys. The tree itself if it is well-formed. */
    static JsonNode of(JsonNode tree) {
        return isWellFormed(tree) ? tree : mended(tree);
    }

    private static boolean isWellFormed(JsonNode tree) {
        if (tree.isTextual()) {
            return firstHalf(tree.textValue(), 0) < 0;
        }
        for (var field : tree.properties()) {
            if (firstHalf(field.getKey(), 0) >= 0) {
                return false;
            }
        }
        for (var each : tree) {
            if (!isWellFormed(each)) {
                return false;
            }
        }
        return true;
    }

    private static JsonNode mended(JsonNode tree) {
        return switch (tree) {
            case ObjectNode object -> {
                var copy = JsonNodeFactory.instance.objectNode();
                object.properties().forEach(field -> copy.set(of(field.getKey()), mended(field.getValue())));
                yield copy;
            }
            case ArrayNode array -> {
                var copy = JsonNodeFactory.instance.arrayNode();
                array.forEach(each -> copy.add(mended(each)));
                yield copy;
            }
            default ->
                tree.isTextual()
                        ? JsonNodeFactory.instance.textNode(of(Objects.requireNonNull(tree.textValue())))
                        : tree;
        };
    }
}
