package dev.rein.http;

import java.io.IOException;
import java.io.InputStream;

/**
 * Reads a stream line by line. Lines end with a line feed, a carriage return, or both. While waiting it occupies 512 bytes, and it rejects
 * what exceeds a maximum size instead of filling the heap. A byte order mark at the beginning of the stream is skipped.
 */
final class LineBuffer {

    private static final int INITIAL_BUFFER = 512;

    /** Larger buffers are replaced by small ones after the event that they were needed for. */
    static final int MAX_KEPT_BUFFER = 64 * INITIAL_BUFFER;

    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    private final InputStream in;
    private final int maxBytes;

    /** Received bytes; those from start to end are unread. */
    private byte[] buffer = new byte[INITIAL_BUFFER];

    private int start;
    private int end;
    private int from;
    private int to;
    private boolean isFirst = true;

    /** Whether the last line ended with a carriage return, so that a line feed behind it is a part of that end. */
    private boolean afterCarriageReturn;

    LineBuffer(InputStream in, int maxBytes) {
        this.in = in;
        this.maxBytes = maxBytes;
    }

    /**
     * Advances to the next line. It consists of the bytes {@link #from()} to {@link #to()} of {@link #bytes()}, without its end.
     *
     * @param pending number of bytes that count towards the maximum size together with the line
     * @return false at the end of the stream; then the line is what follows the last line end, and may be empty
     * @throws TooLargeException if the line exceeds the maximum size
     */
    boolean next(int pending) throws IOException {
        var lineEnd = findLineEnd(pending);
        from = start;
        var ended = lineEnd < 0;
        to = ended ? end : lineEnd;
        start = ended ? end : lineEnd + 1;
        // Without waiting for the byte behind it, which may be long in coming.
        afterCarriageReturn = !ended && buffer[lineEnd] == '\r';
        if (isFirst) {
            isFirst = false;
            if (to - from >= BYTE_ORDER_MARK.length
                    && buffer[from] == BYTE_ORDER_MARK[0]
                    && buffer[from + 1] == BYTE_ORDER_MARK[1]
                    && buffer[from + 2] == BYTE_ORDER_MARK[2]) {
                from += BYTE_ORDER_MARK.length;
            }
        }
        return !ended;
    }

    byte[] bytes() {
        return buffer;
    }

    int from() {
        return from;
    }

    int to() {
        return to;
    }

    private int findLineEnd(int pending) throws IOException {
        var scanned = start;
        while (true) {
            if (afterCarriageReturn && start < end) {
                afterCarriageReturn = false;
                start += buffer[start] == '\n' ? 1 : 0;
                scanned = start;
            }
            for (var i = scanned; i < end; i++) {
                if (buffer[i] == '\n' || buffer[i] == '\r') {
                    return i;
                }
            }
            scanned = end - start;
            if (!fill(pending)) {
                return -1;
            }
        }
    }

    /** Moves unread bytes to the front of the buffer and reads more; false at the end of the stream. */
    private boolean fill(int pending) throws IOException {
        var unread = end - start;
        if (unread + pending >= maxBytes) {
            throw new TooLargeException("an event is", maxBytes);
        }
        var target = unread == buffer.length ? new byte[Math.min(2 * buffer.length, maxBytes)] : shrunk(unread);
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

    /** An event exceeds the maximum size, or all events together. */
    static final class TooLargeException extends IOException {
        private static final long serialVersionUID = 1L;

        TooLargeException(String what, long maxBytes) {
            super(what + " larger than " + (maxBytes >> 20) + " MiB, which is the most that is read");
        }
    }
}
