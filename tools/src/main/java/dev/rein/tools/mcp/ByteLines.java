package dev.rein.tools.mcp;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads lines of UTF-8 up to a maximum length. Not thread-safe. */
final class ByteLines {
    private final InputStream in;
    private final int limit;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    /** @param limit the maximum length of a line in bytes */
    ByteLines(InputStream in, int limit) {
        this.in = new BufferedInputStream(in);
        this.limit = limit;
    }

    /**
     * The next line without its end; null after the last one.
     *
     * @throws IOException if the line is too long
     */
    @Nullable
    String next() throws IOException {
        line.reset();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                return line.size() == 0 ? null : text();
            }
            if (line.size() >= limit) {
                throw new IOException("the MCP server sent a message of more than " + limit + " bytes");
            }
            line.write(next);
        }
        return text();
    }

    private String text() {
        var text = line.toString(StandardCharsets.UTF_8);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }
}
