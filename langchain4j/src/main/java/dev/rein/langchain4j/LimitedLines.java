package dev.rein.langchain4j;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A stream that fails when a line gets too long, because LangChain4j's parsers read lines of any length. */
final class LimitedLines extends FilterInputStream {
    private static final int MAX_LINE_BYTES = 16 << 20;

    private int length;

    LimitedLines(InputStream in) {
        super(in);
    }

    @Override
    public int read() throws IOException {
        var next = super.read();
        count(next == '\n');
        return next;
    }

    @Override
    public int read(byte[] bytes, int offset, int count) throws IOException {
        var read = super.read(bytes, offset, count);
        for (var i = 0; i < read; i++) {
            count(bytes[offset + i] == '\n');
        }
        return read;
    }

    private void count(boolean endOfLine) throws IOException {
        length = endOfLine ? 0 : length + 1;
        if (length > MAX_LINE_BYTES) {
            throw new IOException("a line of the response has more than " + MAX_LINE_BYTES + " bytes");
        }
    }
}
