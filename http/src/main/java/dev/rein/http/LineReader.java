package dev.rein.http;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Reads lines, each of which is one event, as in newline-delimited JSON. Blank lines are skipped, and events have no names. */
final class LineReader implements EventReader {

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
            length = lines.to() - lines.from();
            if (!isBlank()) {
                if (data.length < length) {
                    data = new byte[length];
                }
                System.arraycopy(lines.bytes(), lines.from(), data, 0, length);
                return true;
            }
            if (!hasMore) {
                return false;
            }
        }
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
