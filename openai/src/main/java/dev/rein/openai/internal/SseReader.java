package dev.rein.openai.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads server-sent events from a stream. While waiting it occupies 512 bytes (the SDK's own reader 24 KiB), and it rejects events above
 * a maximum size instead of filling the heap. It returns only the data of each event, which in OpenAI's events includes the type.
 */
final class SseReader {

    /** In bytes. Far above what providers send: an image in an event has a few megabytes. */
    static final int MAX_EVENT_BYTES = 16 << 20;

    private static final int INITIAL_BUFFER = 512;

    /** Larger buffers are replaced by small ones after the event that they were needed for. */
    private static final int MAX_KEPT_BUFFER = 64 * INITIAL_BUFFER;

    private static final byte[] DATA = "data".getBytes(StandardCharsets.US_ASCII);
    private static final int MAX_FIELD_NAME = 5;
    private static final int MAX_SHOWN_BYTES = 500;
    private static final Set<String> OTHER_FIELDS = Set.of("event", "id", "retry", "");

    private final InputStream in;
    private final int maxEventBytes;

    /** Received bytes; those from start to end are unread. */
    private byte[] buffer = new byte[INITIAL_BUFFER];

    private int start;
    private int end;

    /** The data of the current event. */
    private byte[] data = new byte[0];

    private int length;
    private boolean hasData;
    private @Nullable String invalidLine;

    SseReader(InputStream in, int maxEventBytes) {
        this.in = in;
        this.maxEventBytes = maxEventBytes;
    }

    /**
     * Reads the next event with data. Its data are then the first {@link #length()} bytes of {@link #data()}.
     *
     * @return false at the end of the stream; an incomplete event at the end is dropped
     * @throws TooLargeException if the event exceeds the maximum size
     */
    boolean next() throws IOException {
        if (data.length > MAX_KEPT_BUFFER) {
            data = new byte[0];
        }
        length = 0;
        hasData = false;
        while (true) {
            var newline = findNewline();
            if (newline < 0) {
                return hasData;
            }
            var lineEnd = newline > start && buffer[newline - 1] == '\r' ? newline - 1 : newline;
            if (lineEnd > start) {
                takeLine(start, lineEnd);
            }
            var blank = lineEnd == start;
            start = newline + 1;
            if (blank && hasData) {
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

    /** Moves unread bytes to the front of the buffer and reads more; false at the end of the stream. */
    private boolean fill() throws IOException {
        var unread = end - start;
        if (unread + length >= maxEventBytes) {
            throw new TooLargeException(maxEventBytes);
        }
        var target = unread == buffer.length ? new byte[Math.min(2 * buffer.length, maxEventBytes)] : shrunk(unread);
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

    /** A small buffer if the current one has grown for a large event, else the current one. */
    private byte[] shrunk(int unread) {
        return buffer.length > MAX_KEPT_BUFFER && unread < INITIAL_BUFFER ? new byte[INITIAL_BUFFER] : buffer;
    }

    /** The beginning of the first line that is not part of an event, such as a proxy's error page; null if there is none. */
    @Nullable
    String invalidLine() {
        return invalidLine;
    }

    private void takeLine(int from, int to) {
        var colon = from;
        while (colon < to && buffer[colon] != ':') {
            colon++;
        }
        if (Arrays.equals(buffer, from, colon, DATA, 0, DATA.length)) {
            var value = Math.min(colon + 1, to);
            append(value < to && buffer[value] == ' ' ? value + 1 : value, to);
        } else if (invalidLine == null
                && (colon - from > MAX_FIELD_NAME || !OTHER_FIELDS.contains(text(from, colon)))) {
            invalidLine = text(from, Math.min(to, from + MAX_SHOWN_BYTES));
        }
    }

    private String text(int from, int to) {
        return new String(buffer, from, to - from, StandardCharsets.UTF_8);
    }

    private void append(int from, int to) {
        var size = to - from;
        var needed = length + size + (hasData ? 1 : 0);
        if (needed > data.length) {
            data = Arrays.copyOf(data, Math.max(needed, Math.min(2 * data.length, maxEventBytes)));
        }
        if (hasData) {
            data[length++] = '\n';
        }
        System.arraycopy(buffer, from, data, length, size);
        length += size;
        hasData = true;
    }

    /** An event exceeds the maximum size. */
    static final class TooLargeException extends IOException {
        private static final long serialVersionUID = 1L;

        TooLargeException(int maxEventBytes) {
            super("an event is larger than " + (maxEventBytes >> 20) + " MiB");
        }
    }
}
