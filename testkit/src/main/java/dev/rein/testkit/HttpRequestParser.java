package dev.rein.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads the requests of one connection (RFC 9112). Its buffer is small, because thousands of connections may be waiting. Confined to one
 * thread.
 */
final class HttpRequestParser {
    private static final int BUFFER = 1024;
    private static final int MAX_LINE = 64 * 1024;
    private static final int MAX_HEADERS = 200;

    /** An invalid request, with the status of the response. */
    static final class BadRequest extends IOException {
        private static final long serialVersionUID = 1L;
        final int status;

        BadRequest(int status, String message) {
            super(message);
            this.status = status;
        }
    }

    private final InputStream in;
    private final OutputStream out;
    private final int maxBody;
    private final byte[] buffer = new byte[BUFFER];
    private int from;
    private int to;

    HttpRequestParser(InputStream in, OutputStream out, int maxBody) {
        this.in = in;
        this.out = out;
        this.maxBody = maxBody;
    }

    /**
     * Blocks until bytes are available.
     *
     * @return false at the end of the connection
     */
    boolean awaitBytes() throws IOException {
        if (from == to) {
            from = 0;
            to = Math.max(0, in.read(buffer));
        }
        return from < to;
    }

    /** @return the next request; null if the connection ends before it begins */
    @Nullable
    ReceivedRequest next() throws IOException {
        if (!awaitBytes()) {
            return null;
        }
        var line = line();
        var parts = line.split(" ");
        if (parts.length != 3 || !parts[2].startsWith("HTTP/1.")) {
            throw new BadRequest(400, "not an HTTP/1.1 request line: " + line);
        }
        var headers = new TreeMap<String, List<String>>();
        for (var header = line(); !header.isEmpty(); header = line()) {
            var colon = header.indexOf(':');
            if (colon < 1 || headers.size() == MAX_HEADERS) {
                throw new BadRequest(431, "a header without a colon, or more than " + MAX_HEADERS + ": " + header);
            }
            headers.computeIfAbsent(header.substring(0, colon).toLowerCase(Locale.ROOT), name -> new ArrayList<>(1))
                    .add(header.substring(colon + 1).strip());
        }
        if (headers.containsKey("expect")) {
            out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        var body =
                headers.containsKey("transfer-encoding") ? chunked() : exactly(length(headers.get("content-length")));
        return new ReceivedRequest(parts[0], parts[1], headers, body, System.nanoTime());
    }

    private static long length(@Nullable List<String> header) throws BadRequest {
        if (header == null) {
            return 0;
        }
        try {
            return Long.parseUnsignedLong(header.getFirst());
        } catch (NumberFormatException e) {
            throw new BadRequest(400, "content-length is not a number: " + header);
        }
    }

    private byte[] exactly(long length) throws IOException {
        requireFits(length);
        var body = new byte[(int) length];
        var have = 0;
        while (have < body.length) {
            if (from < to) {
                var part = Math.min(to - from, body.length - have);
                System.arraycopy(buffer, from, body, have, part);
                from += part;
                have += part;
            } else {
                var read = in.read(body, have, body.length - have);
                if (read < 0) {
                    throw new IOException("the connection ended in the middle of a body");
                }
                have += read;
            }
        }
        return body;
    }

    private byte[] chunked() throws IOException {
        var body = new ByteArrayOutputStream();
        while (true) {
            var head = line();
            long length;
            try {
                length = Long.parseUnsignedLong(head.split(";")[0].strip(), 16);
            } catch (NumberFormatException e) {
                throw new BadRequest(400, "not a chunk length: " + head);
            }
            if (length == 0) {
                while (!line().isEmpty()) {
                    // Trailers are ignored.
                }
                return body.toByteArray();
            }
            requireFits(body.size() + length);
            body.write(exactly(length));
            line();
        }
    }

    private void requireFits(long length) throws BadRequest {
        if (length < 0 || length > maxBody) {
            throw new BadRequest(
                    413,
                    "the body has " + length + " bytes: the maximum is " + maxBody
                            + ", see FakeProvider.Builder.maxRequestBody");
        }
    }

    private String line() throws IOException {
        var line = new byte[128];
        var length = 0;
        while (awaitBytes()) {
            var next = buffer[from++];
            if (next == '\n') {
                var end = length > 0 && line[length - 1] == '\r' ? length - 1 : length;
                return new String(line, 0, end, StandardCharsets.ISO_8859_1);
            }
            if (length == line.length) {
                if (length >= MAX_LINE) {
                    throw new BadRequest(431, "a line of the head is longer than " + MAX_LINE + " bytes");
                }
                line = Arrays.copyOf(line, length * 2);
            }
            line[length++] = next;
        }
        throw new IOException("the connection ended in the middle of a head");
    }
}
