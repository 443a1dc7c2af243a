package dev.rein.tools.file;

import dev.rein.tool.ToolArgumentException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The text of a file and how it is encoded: as its byte order mark says, or else UTF-8, or else ISO-8859-1, in which every text without NUL
 * can be read and written back unchanged.
 *
 * @param marked whether it begins with a byte order mark
 */
record TextFile(String text, Charset charset, boolean marked) {
    /** The marks, as text of ISO-8859-1. The longer one first: that of UTF-16LE is the beginning of the one of UTF-32LE. */
    private static final Map<Charset, String> MARKS = new LinkedHashMap<>();

    static {
        MARKS.put(StandardCharsets.UTF_32LE, "\u00FF\u00FE\0\0");
        MARKS.put(StandardCharsets.UTF_32BE, "\0\0\u00FE\u00FF");
        MARKS.put(StandardCharsets.UTF_8, "\u00EF\u00BB\u00BF");
        MARKS.put(StandardCharsets.UTF_16LE, "\u00FF\u00FE");
        MARKS.put(StandardCharsets.UTF_16BE, "\u00FE\u00FF");
    }

    /** The text of a file; null if it is binary. */
    static @Nullable TextFile decode(byte[] bytes) {
        var start = new String(bytes, 0, Math.min(bytes.length, 4), StandardCharsets.ISO_8859_1);
        for (var each : MARKS.entrySet()) {
            if (start.startsWith(each.getValue())) {
                var text = decode(bytes, each.getValue().length(), each.getKey());
                return text == null ? null : new TextFile(text, each.getKey(), true);
            }
        }
        for (var each : bytes) {
            if (each == 0) {
                return null;
            }
        }
        var text = decode(bytes, 0, StandardCharsets.UTF_8);
        return text != null
                ? new TextFile(text, StandardCharsets.UTF_8, false)
                : new TextFile(new String(bytes, StandardCharsets.ISO_8859_1), StandardCharsets.ISO_8859_1, false);
    }

    private static @Nullable String decode(byte[] bytes, int from, Charset charset) {
        try {
            return charset.newDecoder()
                    .decode(ByteBuffer.wrap(bytes, from, bytes.length - from))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    /** What the model should know about the encoding; empty for plain UTF-8. */
    String note() {
        if (charset.equals(StandardCharsets.UTF_8)) {
            return marked ? "; UTF-8 with a byte order mark" : "";
        }
        return marked ? "; " + charset.name() : "; it is not UTF-8 and was read as ISO-8859-1";
    }

    /**
     * Another text in the same encoding.
     *
     * @throws ToolArgumentException if it can't be encoded
     */
    byte[] encode(String other) {
        try {
            var encoded = charset.newEncoder().encode(CharBuffer.wrap(other));
            var mark = marked
                    ? Objects.requireNonNull(MARKS.get(charset)).getBytes(StandardCharsets.ISO_8859_1)
                    : new byte[0];
            var bytes = Arrays.copyOf(mark, mark.length + encoded.remaining());
            encoded.get(bytes, mark.length, encoded.remaining());
            return bytes;
        } catch (CharacterCodingException e) {
            throw new ToolArgumentException("the text contains characters that " + charset.name() + " does not have"
                    + (charset.equals(StandardCharsets.UTF_8) ? ", halves of surrogate pairs" : "")
                    + ": leave them out");
        }
    }
}
