package dev.rein.internal.result;

import java.io.IOException;
import java.io.Writer;

/** Collects text up to a maximum length, and then refuses more, so that endless values end. Not thread-safe. */
final class BoundedText extends Writer {
    private final int limit;
    private final StringBuilder text = new StringBuilder();
    private boolean full;

    /** @param limit in characters */
    BoundedText(int limit) {
        this.limit = limit;
    }

    @Override
    public void write(char[] characters, int from, int length) throws IOException {
        var accepted = Math.min(length, limit - text.length());
        text.append(characters, from, accepted);
        if (accepted < length) {
            full = true;
            throw new IOException("the text is longer than " + limit + " characters");
        }
    }

    /** Whether text was refused. */
    boolean isFull() {
        return full;
    }

    ResultText result() {
        return new ResultText(text.toString(), !full);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
