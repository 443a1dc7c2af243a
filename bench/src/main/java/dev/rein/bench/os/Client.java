package dev.rein.bench.os;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One HTTP/1.1 connection, just good enough for this server's answers. Used by one thread; any may close it. */
final class Client implements AutoCloseable {
    private static final String CHUNKED = "transfer-encoding: chunked";
    private static final String LENGTH = "content-length:";
    private static final int HEX = 16;

    private final Socket socket;
    private final byte[] buffer = new byte[4_096];
    private byte[] text = new byte[512];
    private int at;
    private int end;
    private boolean chunked;
    private long left;
    private boolean over;

    Client(ServerProcess server) throws IOException {
        socket = new Socket(server.host(), server.port());
        socket.setTcpNoDelay(true);
    }

    /** Sends a form, and reads the head of the answer. @throws IOException also if it is an error */
    void post(String path, String form) throws IOException {
        var request =
                "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                        + "Content-Length: " + form.length() + "\r\n\r\n" + form;
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        var status = rawLine();
        chunked = false;
        left = 0;
        over = false;
        for (var line = rawLine(); !line.isEmpty(); line = rawLine()) {
            var header = line.toLowerCase(java.util.Locale.ROOT);
            if (header.startsWith(CHUNKED)) {
                chunked = true;
            } else if (header.startsWith(LENGTH)) {
                left = Long.parseLong(header.substring(LENGTH.length()).strip());
            }
        }
        if (!status.startsWith("HTTP/1.1 2")) {
            throw new IOException("POST " + path + " got " + status + ": " + line());
        }
    }

    /** The next line of the body; null at its end. */
    @Nullable
    String line() throws IOException {
        var length = 0;
        for (var next = next(); next >= 0; next = next()) {
            if (next == '\n') {
                return new String(text, 0, length, StandardCharsets.UTF_8);
            }
            if (length == text.length) {
                text = Arrays.copyOf(text, 2 * length);
            }
            text[length++] = (byte) next;
        }
        return length == 0 ? null : new String(text, 0, length, StandardCharsets.UTF_8);
    }

    /** Reads the body to its end. */
    void skip() throws IOException {
        while (next() >= 0) {
            // Not looked at.
        }
    }

    private int next() throws IOException {
        if (over) {
            return -1;
        }
        if (left == 0) {
            if (chunked) {
                left = chunk();
            }
            if (left == 0) {
                over = true;
                return -1;
            }
        }
        left--;
        var next = raw();
        if (left == 0 && chunked) {
            rawLine();
        }
        return next;
    }

    private long chunk() throws IOException {
        var size = Long.parseLong(rawLine(), HEX);
        if (size == 0) {
            rawLine();
        }
        return size;
    }

    private String rawLine() throws IOException {
        var line = new StringBuilder();
        for (var next = raw(); next != '\n'; next = raw()) {
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }

    private int raw() throws IOException {
        if (at == end) {
            InputStream in = socket.getInputStream();
            end = in.read(buffer);
            at = 0;
            if (end < 0) {
                end = 0;
                throw new EOFException("the server has closed the connection");
            }
        }
        return buffer[at++] & 0xff;
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // It is not used any more.
        }
    }
}
