package dev.rein.load;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A TCP connection to a server on this machine, from a local address that may be chosen. For one thread. */
final class RawClient implements AutoCloseable {
    static final String SERVER = "127.0.0.1";

    private static final int PATIENCE_MILLIS = 120_000;

    private final Socket socket;
    private final InputStream in;

    private RawClient(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream(), 512);
    }

    static RawClient connect(int port) throws IOException {
        return connect(SERVER, port);
    }

    /** @param from the address of the client, such as 127.0.0.2 */
    static RawClient connect(String from, int port) throws IOException {
        var socket = new Socket();
        try {
            socket.bind(new InetSocketAddress(from, 0));
            socket.setSoTimeout(PATIENCE_MILLIS);
            // Closed at once: tens of thousands of connections would otherwise use up the ports.
            socket.setSoLinger(true, 0);
            socket.connect(new InetSocketAddress(SERVER, port), PATIENCE_MILLIS);
            return new RawClient(socket);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
    }

    static String post(String path, String form) {
        return post(path, "application/x-www-form-urlencoded", form);
    }

    static String post(String path, String type, String body) {
        return "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + type + "\r\nContent-Length: "
                + body.length() + "\r\n\r\n" + body;
    }

    void send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Reads the head of a response. */
    String head() throws IOException {
        var head = new StringBuilder();
        for (var line = line(); !line.isEmpty(); line = line()) {
            head.append(line).append('\n');
        }
        return head.toString();
    }

    /** Reads up to a line that begins with this. */
    String until(String start) throws IOException {
        while (true) {
            var line = line();
            if (line.startsWith(start)) {
                return line;
            }
        }
    }

    private String line() throws IOException {
        var line = new StringBuilder();
        for (var next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("the server has closed the connection after " + line);
            }
            line.append((char) next);
        }
        return line.toString().strip();
    }

    /** Some of what follows. */
    String rest() {
        try {
            var bytes = new byte[1_000];
            var count = in.read(bytes);
            return count < 0 ? "" : new String(bytes, 0, count, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** Reads until the server closes the connection. */
    void drain() throws IOException {
        in.transferTo(java.io.OutputStream.nullOutputStream());
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
