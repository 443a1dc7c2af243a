package dev.rein.openai.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads server-sent events from a stream. Holds half a kilobyte while it waits, where the SDK's own reader holds 24, and
 * refuses an event that is larger than its bound instead of filling the heap with it. Of the protocol it needs the data of
 * an event only: OpenAI's events repeat their type in it.
 */
final class SseReader {

    /** No provider sends events of this size; a picture in an event is a few megabytes. */
    static final int LARGEST_EVENT = 16 << 20;

    private static final int SMALL = 512;
    private static final byte[] DATA = "data".getBytes(StandardCharsets.US_ASCII);
    private static final int LONGEST_FIELD = 5;
    private static final int LONGEST_SHOWN = 500;
    private static final Set<String> OTHER_FIELDS = Set.of("event", "id", "retry", "");

    private final InputStream in;
    private final int largest;
    private byte[] buffer = new byte[SMALL];
    private int start;
    private int end;
    private byte[] data = new byte[0];
    private int length;
    private boolean any;
    private @Nullable String foreign;

    SseReader(InputStream in, int largest) {
        this.in = in;
        this.largest = largest;
    }

    /**
     * Reads up to the end of the next event, whose data are then {@link #data()} from 0 to {@link #length()}.
     *
     * @return false at the end of the stream; an event that the end cuts off is dropped
     * @throws TooLargeException if the event is larger than the bound
     */
    boolean next() throws IOException {
        if (data.length > 64 * SMALL) {
            data = new byte[0];
        }
        length = 0;
        any = false;
        while (true) {
            var newline = findNewline();
            if (newline < 0) {
                return any;
            }
            var lineEnd = newline > start && buffer[newline - 1] == '\r' ? newline - 1 : newline;
            if (lineEnd > start) {
                takeLine(start, lineEnd);
            }
            var blank = lineEnd == start;
            start = newline + 1;
            if (blank && any) {
                return true;
            }
        }
    }

    byte[] data() {
        return data;
    }

    int length() {
        return length;
    }

    private int findNewline() throws IOException {
        var scanned = start;
        while (true) {
            for (var i = scanned; i < end; i++) {
                if (buffer[i] == '\n') {
                    return i;
                }
            }
            scanned = end - start;
            if (!fill()) {
                return -1;
            }
        }
    }

    /** Moves what is unread to the front and reads more behind it. */
    private boolean fill() throws IOException {
        var unread = end - start;
        if (unread + length >= largest) {
            throw new TooLargeException(largest);
        }
        var target = unread == buffer.length ? new byte[Math.min(2 * buffer.length, largest)] : small(unread);
        if (start > 0 || target.length != buffer.length) {
            System.arraycopy(buffer, start, target, 0, unread);
            buffer = target;
            start = 0;
            end = unread;
        }
        var read = in.read(buffer, end, buffer.length - end);
        end += Math.max(read, 0);
        return read >= 0;
    }

    /** A buffer that a large event made grow is not kept for the small ones. */
    private byte[] small(int unread) {
        return buffer.length > 64 * SMALL && unread < SMALL ? new byte[SMALL] : buffer;
    }

    /** The beginning of the first line that is none of the protocol, such as a proxy's web page; null when there is none. */
    @Nullable
    String foreign() {
        return foreign;
    }

    private void takeLine(int from, int to) {
        var colon = from;
        while (colon < to && buffer[colon] != ':') {
            colon++;
        }
        if (Arrays.equals(buffer, from, colon, DATA, 0, DATA.length)) {
            var value = Math.min(colon + 1, to);
            append(value < to && buffer[value] == ' ' ? value + 1 : value, to);
        } else if (foreign == null && (colon - from > LONGEST_FIELD || !OTHER_FIELDS.contains(text(from, colon)))) {
            foreign = text(from, Math.min(to, from + LONGEST_SHOWN));
        }
    }

    private String text(int from, int to) {
        return new String(buffer, from, to - from, StandardCharsets.UTF_8);
    }

    private void append(int from, int to) {
        var size = to - from;
        var needed = length + size + (any ? 1 : 0);
        if (needed > data.length) {
            data = Arrays.copyOf(data, Math.max(needed, Math.min(2 * data.length, largest)));
        }
        if (any) {
            data[length++] = '\n';
        }
        System.arraycopy(buffer, from, data, length, size);
        length += size;
        any = true;
    }

    /** An event larger than the bound. */
    static final class TooLargeException extends IOException {
        private static final long serialVersionUID = 1L;

        TooLargeException(int largest) {
            super("an event is larger than " + (largest >> 20) + " MiB");
        }
    }
}
