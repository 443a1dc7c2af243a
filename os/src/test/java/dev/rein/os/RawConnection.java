package dev.rein.os;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A TCP connection that sends requests byte by byte as a test needs them. */
final class RawConnection implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 20_000;
    private static final String CONTENT_LENGTH = "content-length: ";

    private final Socket socket;

    /** @throws IOException if the server refuses it */
    RawConnection(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(PATIENCE_MILLIS);
    }

    static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
    }

    static String post(String path, String form) {
        return "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + form.length()
                + "\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\n" + form;
    }

    void write(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }

    InputStream in() throws IOException {
        return socket.getInputStream();
    }

    /** Reads the head of a response. */
    String head() throws IOException {
        var head = new StringBuilder();
        for (var line = line(); !line.isEmpty(); line = line()) {
            head.append(line).append('\n');
        }
        return head.toString();
    }

    /** Sends a request and reads its response: head and body. */
    String send(String request) throws IOException {
        write(request);
        var response = new StringBuilder();
        var length = 0;
        for (var line = line(); !line.isEmpty(); line = line()) {
            response.append(line).append('\n');
            if (line.toLowerCase(Locale.ROOT).startsWith(CONTENT_LENGTH)) {
                length = Integer.parseInt(line.substring(CONTENT_LENGTH.length()));
            }
        }
        var body = socket.getInputStream().readNBytes(length);
        return response.append('\n')
                .append(new String(body, StandardCharsets.UTF_8))
                .toString();
    }

    /** Sends a request and reads the head of its response. */
    String head(String request) throws IOException {
        write(request);
        var head = new StringBuilder();
        for (var line = line(); !line.isEmpty(); line = line()) {
            head.append(line).append('\n');
        }
        return head.toString();
    }

    private String line() throws IOException {
        var line = new StringBuilder();
        for (var next = socket.getInputStream().read();
                next >= 0 && next != '\n';
                next = socket.getInputStream().read()) {
            line.append((char) next);
        }
        return line.toString().strip();
    }

    /** Reads until the server closes the connection. */
    String readAll() throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    /** Whether the server has neither sent anything nor closed the connection. */
    boolean isSilent() throws IOException {
        socket.setSoTimeout(1);
        try {
            socket.getInputStream().read();
            return false;
        } catch (SocketTimeoutException e) {
            return true;
        } finally {
            socket.setSoTimeout(PATIENCE_MILLIS);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
