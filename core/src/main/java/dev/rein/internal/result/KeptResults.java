package dev.rein.internal.result;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.tool.ToolArgumentException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Cuts long results of a run's tools, and keeps them for the model to read in parts, if the agent allows that; see {@link ResultSpace}
 * for how many. Thread-safe.
 */
public final class KeptResults {
    private static final int MAX_RESULT = 8 << 20;
    private static final int DEFAULT_LINES = 200;

    private final boolean readable;
    private final ResultSpace space;
    private final ResultSpace.Share share = new ResultSpace.Share();
    private final Map<String, KeptText> kept = new HashMap<>();
    private int count;

    /** @param readable whether the model can read the rest of results */
    public KeptResults(boolean readable) {
        this(readable, ResultSpace.OF_PROCESS);
    }

    KeptResults(boolean readable, ResultSpace space) {
        this.readable = readable;
        this.space = space;
    }

    /** How much of a result has to be read, in characters. */
    public int charactersToRead(int limit) {
        return readable ? Math.max(limit, MAX_RESULT) : (int) Math.min(limit + 1L, Integer.MAX_VALUE);
    }

    /** Forgets all results. Called at the end of the run. */
    public synchronized void release() {
        kept.values().forEach(space::remove);
        kept.clear();
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
            var whole = new KeptText(keepable(result), share);
            var id = keep(whole);
            note.append("; ")
                    .append(ReadResult.NAME)
                    .append(" with id \"")
                    .append(id)
                    .append("\" and from ")
                    .append(whole.lineOf(end, text))
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
        long bytes = 0;
        for (int at = 0; at < text.length(); ) {
            var character = text.codePointAt(at);
            bytes += bytes(character);
            if (bytes > limit) {
                return at;
            }
            at += Character.charCount(character);
        }
        return text.length();
    }

    private static int bytes(int character) {
        return character < 0x80 ? 1 : character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
    }

    private static ResultText keepable(ResultText result) {
        return result.text().length() <= MAX_RESULT
                ? result
                : new ResultText(result.text().substring(0, KeptText.whole(result.text(), MAX_RESULT)), false);
    }

    private synchronized String keep(KeptText text) {
        var id = "r" + ++count;
        kept.put(id, text);
        space.add(text);
        kept.values().removeIf(each -> each.content() == null);
        return id;
    }

    private synchronized @Nullable KeptText find(String id) {
        return kept.get(id);
    }

    /**
     * Answers a call of {@link ReadResult}.
     *
     * @param limit in bytes of UTF-8
     */
    public String read(ObjectNode arguments, int limit) {
        var id = arguments.path("id").asText().strip();
        var found = find(id);
        var result = found == null ? null : found.content();
        if (found == null || result == null) {
            throw new ToolArgumentException("there is no result \"" + id
                    + "\": only the last long results of this run are kept; call the tool again");
        }
        var text = result.text();
        var from = number(arguments.path("from"), 1);
        if (from > found.lines()) {
            throw new ToolArgumentException(
                    "\"from\" is " + from + ": result \"" + id + "\" has " + found.lines() + " lines");
        }
        var wanted = number(arguments.path("lines"), DEFAULT_LINES);
        var start = found.startOf(from, text);
        var end = start;
        var line = from;
        long bytes = 0;
        for (; line - from < wanted && end < text.length(); line++) {
            var next = KeptText.nextLine(text, end);
            for (int at = end; at < next; at = text.offsetByCodePoints(at, 1)) {
                bytes += bytes(text.codePointAt(at));
            }
            if (end > start && bytes > limit) {
                break;
            }
            end = next;
        }
        return text.substring(start, end)
                + (end < text.length()
                        ? "\n[lines " + from + " to " + (line - 1) + "; continue with from " + line + "]"
                        : result.complete() ? "\n[the end]" : "\n[the rest was not kept]");
    }

    /** A number of lines, at least 1 and at most what a text can have. */
    private static int number(JsonNode given, int otherwise) {
        return given.isNumber() ? (int) Math.clamp(given.doubleValue(), 1, Integer.MAX_VALUE) : otherwise;
    }
}
