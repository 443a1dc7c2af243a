package dev.rein.os.internal.runs;

import dev.rein.os.internal.route.Problem;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The text of an uploaded file. A text whose encoding is not certain is refused: guessed wrongly, it would be stored broken. */
final class UploadedText {
    private static final Pattern CHARSET =
            Pattern.compile(";\\s*charset\\s*=\\s*\"?([^\";\\s]+)", Pattern.CASE_INSENSITIVE);

    private UploadedText() {}

    /**
     * Decodes a file by its byte order mark, else by the charset of its content type, else as UTF-8.
     *
     * @throws Problem with status 400 if the file is not in that encoding
     */
    static String decode(String name, @Nullable String contentType, byte[] content) {
        var mark = ByteOrderMark.of(content);
        var charset = mark != null ? mark.charset : charset(name, contentType);
        var start = mark == null ? 0 : mark.bytes.length();
        String text;
        try {
            text = charset.newDecoder()
                    .decode(ByteBuffer.wrap(content, start, content.length - start))
                    .toString();
        } catch (CharacterCodingException e) {
            throw notIn(charset, name);
        }
        // UTF-16 without a mark is UTF-8 to the letter, with a NUL beside each character.
        if (text.indexOf('\0') >= 0) {
            throw notIn(charset, name);
        }
        return text;
    }

    private static Problem notIn(Charset charset, String name) {
        return Problem.badRequest(
                "The file " + name + " is not a text in " + charset.name()
                        + ": save it as UTF-8, or send its content type with its charset, such as text/plain; charset=iso-8859-1");
    }

    private static Charset charset(String name, @Nullable String contentType) {
        var named = CHARSET.matcher(contentType == null ? "" : contentType);
        if (!named.find()) {
            return StandardCharsets.UTF_8;
        }
        try {
            var charset = Charset.forName(named.group(1));
            charset.newDecoder();
            return charset;
        } catch (IllegalArgumentException | UnsupportedOperationException e) {
            throw Problem.badRequest("The charset " + named.group(1).toLowerCase(Locale.ROOT) + " of the file " + name
                    + " is unknown: save it as UTF-8");
        }
    }

    /** Longer marks come first, because that of UTF-32 begins with that of UTF-16. */
    private enum ByteOrderMark {
        UTF_32LE("UTF-32LE", "\u00ff\u00fe\0\0"),
        UTF_32BE("UTF-32BE", "\0\0\u00fe\u00ff"),
        UTF_8("UTF-8", "\u00ef\u00bb\u00bf"),
        UTF_16LE("UTF-16LE", "\u00ff\u00fe"),
        UTF_16BE("UTF-16BE", "\u00fe\u00ff");

        private final Charset charset;

        /** One character for each byte. */
        private final String bytes;

        ByteOrderMark(String charset, String bytes) {
            this.charset = Charset.forName(charset);
            this.bytes = bytes;
        }

        static @Nullable ByteOrderMark of(byte[] content) {
            for (var mark : values()) {
                if (mark.begins(content)) {
                    return mark;
                }
            }
            return null;
        }

        private boolean begins(byte[] content) {
            for (var i = 0; i < bytes.length(); i++) {
                if (i >= content.length || (content[i] & 0xFF) != bytes.charAt(i)) {
                    return false;
                }
            }
            return true;
        }
    }
}
