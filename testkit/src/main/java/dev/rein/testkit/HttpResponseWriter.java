package dev.rein.testkit;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Writes the responses of one connection. Each call makes one write to the socket, so that the operating system has the data when the
 * call returns. Confined to one thread.
 */
final class HttpResponseWriter {
    private static final String HUGE_BEGINS = "@huge:";
    private static final Pattern HUGE = Pattern.compile(HUGE_BEGINS + "(\\d+)@");
    private static final byte[] FILLING = new byte[64 * 1024];
    private static final String END = "0\r\n\r\n";

    static {
        Arrays.fill(FILLING, (byte) 'x');
    }

    private final Socket socket;
    private final OutputStream out;

    HttpResponseWriter(Socket socket) throws IOException {
        this.socket = socket;
        this.out = socket.getOutputStream();
    }

    /** A placeholder in a chunk, which is replaced by the given number of characters when it is written. */
    static String huge(long characters) {
        return HUGE_BEGINS + characters + "@";
    }

    /** Writes the head of a response with a chunked body. */
    void head(int status, String contentType) throws IOException {
        write(statusLine(status) + "Content-Type: " + contentType
                + "\r\nCache-Control: no-cache\r\nTransfer-Encoding: chunked\r\n\r\n");
    }

    /**
     * Writes a complete response.
     *
     * @param close whether the connection is closed afterwards
     */
    void whole(int status, String contentType, String body, @Nullable Duration retryAfter, boolean close)
            throws IOException {
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        var head = statusLine(status) + "Content-Type: " + contentType + "\r\nContent-Length: " + bytes.length + "\r\n"
                + (retryAfter == null ? "" : retryHeaders(retryAfter)) + (close ? "Connection: close\r\n" : "")
                + "\r\n";
        var headBytes = head.getBytes(StandardCharsets.ISO_8859_1);
        var all = Arrays.copyOf(headBytes, headBytes.length + bytes.length);
        System.arraycopy(bytes, 0, all, headBytes.length, bytes.length);
        out.write(all);
    }

    /** Writes a chunk; placeholders from {@link #huge} are replaced. */
    void chunk(String body) throws IOException {
        if (isHuge(body)) {
            hugeChunk(body);
        } else if (!body.isEmpty()) {
            write(framed(body));
        }
    }

    /** Writes a chunk and the end of the body. */
    void lastChunk(String body) throws IOException {
        if (isHuge(body)) {
            hugeChunk(body);
            write(END);
        } else {
            write(body.isEmpty() ? END : framed(body) + END);
        }
    }

    void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // The socket is not used any more.
        }
    }

    /** Makes {@link #close} send RST instead of FIN. */
    void reset() {
        try {
            socket.setSoLinger(true, 0);
        } catch (SocketException e) {
            // The client has already closed the connection.
        }
    }

    /** Avoids the pattern for ordinary chunks, of which there are thousands per second. */
    private static boolean isHuge(String body) {
        return body.contains(HUGE_BEGINS) && HUGE.matcher(body).find();
    }

    private static String framed(String body) {
        return Long.toHexString(body.getBytes(StandardCharsets.UTF_8).length) + "\r\n" + body + "\r\n";
    }

    private void hugeChunk(String body) throws IOException {
        var length = (long) body.getBytes(StandardCharsets.UTF_8).length;
        for (var found = HUGE.matcher(body); found.find(); ) {
            length += Long.parseLong(found.group(1)) - found.group().length();
        }
        write(Long.toHexString(length) + "\r\n");
        var done = 0;
        for (var found = HUGE.matcher(body); found.find(); ) {
            write(body.substring(done, found.start()));
            for (var left = Long.parseLong(found.group(1)); left > 0; ) {
                var part = (int) Math.min(left, FILLING.length);
                out.write(FILLING, 0, part);
                left -= part;
            }
            done = found.end();
        }
        write(body.substring(done) + "\r\n");
    }

    private void write(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String statusLine(int status) {
        return "HTTP/1.1 " + status + " " + (status == 200 ? "OK" : "Scripted") + "\r\nX-Request-Id: "
                + Ids.fresh("req_") + "\r\n";
    }

    private static String retryHeaders(Duration wait) {
        var seconds = "Retry-After: " + (wait.toMillis() + 999) / 1000 + "\r\n";
        return wait.toMillis() % 1000 == 0 ? seconds : seconds + "Retry-After-Ms: " + wait.toMillis() + "\r\n";
    }
}
