package dev.rein.situations;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request on a socket of its own, and its answer as the bytes come: what curl would see. For one thread. */
final class RawHttp implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();

    /** One event of a stream. */
    record Frame(String event, JsonNode data) {
        String text(String field) {
            return data.path(field).asText();
        }
    }

    private final Socket socket;
    private final InputStream in;
    private final int status;
    private final boolean chunked;
    private long length = -1;
    private long left;

    private RawHttp(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
        this.status = Integer.parseInt(line().split(" ")[1]);
        var isChunked = false;
        for (var header = line(); !header.isEmpty(); header = line()) {
            var lower = header.toLowerCase(java.util.Locale.ROOT);
            isChunked |= lower.startsWith("transfer-encoding:") && lower.contains("chunked");
            if (lower.startsWith("content-length:")) {
                length = Long.parseLong(
                        lower.substring("content-length:".length()).strip());
            }
        }
        this.chunked = isChunked;
    }

    /** Sends a form, and reads the head of the answer. */
    static RawHttp post(int port, String path, String form) {
        var body = form.getBytes(StandardCharsets.UTF_8);
        return send(
                port,
                "POST " + path + " HTTP/1.1\r\nHost: localhost:" + port
                        + "\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: " + body.length
                        + "\r\nConnection: close\r\n\r\n" + form);
    }

    static RawHttp get(int port, String path) {
        return send(port, "GET " + path + " HTTP/1.1\r\nHost: localhost:" + port + "\r\nConnection: close\r\n\r\n");
    }

    private static RawHttp send(int port, String request) {
        try {
            var socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            return new RawHttp(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int status() {
        return status;
    }

    /** The whole body as JSON. */
    JsonNode json() {
        try {
            return JSON.readTree(body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private byte[] body() throws IOException {
        var all = new ByteArrayOutputStream();
        for (var next = read(); next >= 0; next = read()) {
            all.write(next);
        }
        return all.toByteArray();
    }

    /** The next event, comments left out; null at the end of the stream. */
    @Nullable
    Frame next() {
        try {
            var event = "";
            while (true) {
                var bytes = new ByteArrayOutputStream();
                var next = read();
                while (next >= 0 && next != '\n') {
                    bytes.write(next);
                    next = read();
                }
                if (next < 0) {
                    return null;
                }
                var line = bytes.toString(StandardCharsets.UTF_8);
                if (line.startsWith("event: ")) {
                    event = line.substring("event: ".length());
                } else if (line.startsWith("data: ")) {
                    return new Frame(event, JSON.readTree(line.substring("data: ".length())));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads on to the next event of this name. */
    Frame until(String event) {
        for (var frame = next(); frame != null; frame = next()) {
            if (frame.event().equals(event)) {
                return frame;
            }
        }
        throw new AssertionError("the stream has ended without a " + event);
    }

    /** What is left of the stream. */
    List<Frame> rest() {
        var frames = new ArrayList<Frame>();
        for (var frame = next(); frame != null; frame = next()) {
            frames.add(frame);
        }
        return frames;
    }

    private int read() throws IOException {
        if (!chunked) {
            return length-- == 0 ? -1 : in.read();
        }
        if (left == 0) {
            left = Long.parseLong(line(), 16);
            if (left == 0) {
                return -1;
            }
        }
        var next = in.read();
        if (next < 0) {
            throw new EOFException("the body is cut off");
        }
        if (--left == 0) {
            line();
        }
        return next;
    }

    private String line() throws IOException {
        var line = new StringBuilder();
        for (var next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("the answer is cut off after: " + line);
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }

    /** Leaves without a goodbye: the server gets a reset. */
    void reset() {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
