package dev.rein.internal.result;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A long result that is kept, with an index of its lines, so that each part is found without reading all that comes before it. A line of
 * more than 1,000 characters is several. Thread-safe.
 */
final class KeptText {
    private static final int MAX_LINE = 1_000;

    /** Every so many lines the index has an entry. */
    private static final int STEP = 64;

    private final ResultSpace.Share share;
    private final int length;
    private final int[] starts;
    private final int lines;
    private volatile @Nullable ResultText content;

    /** @param share the results of the same run */
    KeptText(ResultText content, ResultSpace.Share share) {
        this.content = content;
        this.share = share;
        var text = content.text();
        length = text.length();
        var index = new int[16];
        var line = 0;
        for (int at = 0; at < length || line == 0; at = nextLine(text, at)) {
            if (line % STEP == 0) {
                if (line / STEP == index.length) {
                    index = Arrays.copyOf(index, 2 * index.length);
                }
                index[line / STEP] = at;
            }
            line++;
            if (length == 0) {
                break;
            }
        }
        lines = line;
        starts = Arrays.copyOf(index, (lines + STEP - 1) / STEP);
    }

    ResultSpace.Share share() {
        return share;
    }

    /** Null once it was dropped in favour of others. */
    @Nullable
    ResultText content() {
        return content;
    }

    void drop() {
        content = null;
    }

    int length() {
        return length;
    }

    int lines() {
        return lines;
    }

    /** Where a line starts in the text of {@link #content}, from 1 to {@link #lines}. */
    int startOf(int line, String text) {
        int at = starts[(line - 1) / STEP];
        for (int i = (line - 1) % STEP; i > 0; i--) {
            at = nextLine(text, at);
        }
        return at;
    }

    /** The number of the line that contains a character, from 1; the last line for those behind the end. */
    int lineOf(int position, String text) {
        var found = Arrays.binarySearch(starts, position);
        var entry = found >= 0 ? found : -found - 2;
        int line = entry * STEP + 1;
        for (int next = nextLine(text, starts[entry]); next <= position && next < length; next = nextLine(text, next)) {
            line++;
        }
        return line;
    }

    static int nextLine(String text, int start) {
        var end = Math.min(text.length(), start + MAX_LINE);
        var feed = text.indexOf('\n', start, end);
        return feed >= 0 ? feed + 1 : whole(text, end);
    }

    /** The given end, or the one before it if a character would be cut in two. */
    static int whole(String text, int end) {
        return end > 0
                        && end < text.length()
                        && Character.isLowSurrogate(text.charAt(end))
                        && Character.isHighSurrogate(text.charAt(end - 1))
                ? end - 1
                : end;
    }
}
