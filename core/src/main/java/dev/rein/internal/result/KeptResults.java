package dev.rein.internal.result;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.tool.ToolArgumentException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Cuts long results of a run's tools, and keeps them for the model to read in parts, if the agent allows that: the last ones, of 16 Mi
 * characters at most. A line of more than 1,000 characters is read as several. Thread-safe.
 */
public final class KeptResults {
    private static final int MAX_KEPT = 16 << 20;
    private static final int MAX_RESULT = 8 << 20;
    private static final int MAX_LINE = 1_000;
    private static final int DEFAULT_LINES = 200;

    private final boolean readable;
    private final Map<String, ResultText> kept = new LinkedHashMap<>();
    private int count;
    private long size;

    /** @param readable whether the model can read the rest of results */
    public KeptResults(boolean readable) {
        this.readable = readable;
    }

    /** How much of a result has to be read, in characters. */
    public int charactersToRead(int limit) {
        return readable ? Math.max(limit, MAX_RESULT) : limit + 1;
    }

    /**
     * The text for the model.
     *
     * @param limit in bytes of UTF-8; the note on what was left out comes in addition
     */
    public String cut(ResultText result, int limit) {
        var text = result.text();
        var end = endWithin(text, limit);
        if (end == text.length() && result.complete()) {
            return text;
        }
        var note = new StringBuilder(String.format(
                Locale.ROOT,
                "%n[cut: these are the first %,d of %s%,d characters",
                end,
                result.complete() ? "" : "more than ",
                text.length()));
        if (readable) {
            var id = keep(result);
            note.append("; ")
                    .append(ReadResult.NAME)
                    .append(" with id \"")
                    .append(id)
                    .append("\" and from ")
                    .append(lineOf(text, end))
                    .append(" gives the following lines]");
        } else {
            note.append("; ask for less, or for a part]");
        }
        return text.substring(0, end) + note.toString().replace(System.lineSeparator(), "\n");
    }

    /** The end of the longest beginning of a text that has at most this many bytes and consists of whole characters. */
    private static int endWithin(String text, int limit) {
        if (text.length() <= limit / 3) {
            return text.length();
        }
        int bytes = 0;
        for (int at = 0; at < text.length(); ) {
            var character = text.codePointAt(at);
            bytes += character < 0x80 ? 1 : character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
            if (bytes > limit) {
                return at;
            }
            at += Character.charCount(character);
        }
        return text.length();
    }

    private synchronized String keep(ResultText result) {
        var id = "r" + ++count;
        kept.put(id, result);
        size += result.text().length();
        for (var all = kept.values().iterator(); size > MAX_KEPT && kept.size() > 1; ) {
            size -= all.next().text().length();
            all.remove();
        }
        return id;
    }

    private synchronized @Nullable ResultText find(String id) {
        return kept.get(id);
    }

    /**
     * Answers a call of {@link ReadResult}.
     *
     * @param limit in bytes of UTF-8
     */
    public String read(ObjectNode arguments, int limit) {
        var id = arguments.path("id").asText().strip();
        var result = find(id);
        if (result == null) {
            throw new ToolArgumentException("there is no result \"" + id
                    + "\": only the last long results of this run are kept; call the tool again");
        }
        var text = result.text();
        var from = Math.max(1, arguments.path("from").asInt(1));
        var start = startOf(text, from);
        if (start >= text.length()) {
            throw new ToolArgumentException(
                    "\"from\" is " + from + ": result \"" + id + "\" has " + lineOf(text, text.length()) + " lines");
        }
        var wanted = Math.max(1, arguments.path("lines").asInt(DEFAULT_LINES));
        var end = start;
        var line = from;
        for (; line < (long) from + wanted && end < text.length(); line++) {
            var next = nextLine(text, end);
            if (end > start && endWithin(text.substring(start, next), limit) < next - start) {
                break;
            }
            end = next;
        }
        return text.substring(start, end)
                + (end < text.length()
                        ? "\n[lines " + from + " to " + (line - 1) + "; continue with from " + line + "]"
                        : result.complete() ? "\n[the end]" : "\n[the rest was not kept]");
    }

    private static int startOf(String text, int line) {
        int at = 0;
        for (int i = 1; i < line && at < text.length(); i++) {
            at = nextLine(text, at);
        }
        return at;
    }

    /** The number of the line that contains a character, from 1. */
    private static int lineOf(String text, int position) {
        int line = 1;
        for (int at = nextLine(text, 0); at <= position && at < text.length(); at = nextLine(text, at)) {
            line++;
        }
        return line;
    }

    private static int nextLine(String text, int start) {
        var end = Math.min(text.length(), start + MAX_LINE);
        var feed = text.indexOf('\n', start, end);
        if (feed >= 0) {
            return feed + 1;
        }
        return end < text.length() && Character.isLowSurrogate(text.charAt(end)) ? end - 1 : end;
    }
}
