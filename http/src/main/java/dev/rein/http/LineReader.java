package dev.rein.http;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads lines, each of which is one event, as in newline-delimited JSON. Blank lines are skipped, and events have no names. A web page,
 * which a proxy sends in place of the rest, is one event too.
 */
final class LineReader implements EventReader {

    private static final int MAX_PAGE = 8_000;

    private final LineBuffer lines;
    private byte[] data = new byte[0];
    private int length;

    LineReader(InputStream in, int maxEventBytes) {
        lines = new LineBuffer(in, maxEventBytes);
    }

    @Override
    public boolean next() throws IOException {
        if (data.length > LineBuffer.MAX_KEPT_BUFFER) {
            data = new byte[0];
        }
        while (true) {
            var hasMore = lines.next(0);
            length = 0;
            if (!isBlank()) {
                append();
                if (isPage()) {
                    readPage(hasMore);
                }
                return true;
            }
            if (!hasMore) {
                return false;
            }
        }
    }

    private boolean isPage() {
        var first = 0;
        while (first < length && data[first] <= ' ' && data[first] >= 0) {
            first++;
        }
        return data[first] == '<';
    }

    private void readPage(boolean isContinued) {
        try {
            for (var hasMore = isContinued; hasMore && length < MAX_PAGE; append()) {
                hasMore = lines.next(length);
            }
        } catch (IOException e) {
            // What has been received says enough.
        }
    }

    private void append() {
        var size = lines.to() - lines.from();
        var separator = length > 0 ? 1 : 0;
        if (data.length < length + size + separator) {
            data = Arrays.copyOf(data, length + size + separator);
        }
        if (separator > 0) {
            data[length++] = '\n';
        }
        System.arraycopy(lines.bytes(), lines.from(), data, length, size);
        length += size;
    }

    private boolean isBlank() {
        for (var i = lines.from(); i < lines.to(); i++) {
            if (lines.bytes()[i] > ' ' || lines.bytes()[i] < 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String name() {
        return "";
    }

    @Override
    public byte[] data() {
        return data;
    }

    @Override
    public int length() {
        return length;
    }

    /** Always null: each line is an event, so anything else is invalid JSON. */
    @Override
    public @Nullable String unexpected() {
        return null;
    }
}
