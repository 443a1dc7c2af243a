package dev.rein.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A server on the loopback interface that sends exactly the bytes that a test gives it, for what no well-behaved server sends. Requests
 * are read as HTTP and recorded. Thread-safe.
 *
 * {@snippet :
 * try (var server = RawServer.answering("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: {}\n\n")) {
 *     model(server.url("/v1")).respond(request, call);
 * }
 * }
 */
public final class RawServer implements AutoCloseable {

    /** What a server does with one connection. */
    @FunctionalInterface
    public interface Handler {

        /**
         * Serves a connection, which is closed when this returns or throws.
         *
         * @param number of the connection, counted from 1
         */
        void handle(int number, Connection connection) throws IOException;
    }

    private final ServerSocket listening;
    private final Handler handler;
    private final AtomicInteger accepted = new AtomicInteger();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final List<String> requests = new CopyOnWriteArrayList<>();

    private RawServer(Handler handler) {
        this.handler = handler;
        try {
            listening = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofPlatform().daemon().name("raw-server").start(this::accept);
    }

    /** A server that answers each request with the given text, keeps the connection open and waits until the client closes it. */
    public static RawServer answering(String response) {
        return handling((number, connection) -> {
            while (connection.readRequest() != null) {
                connection.write(response);
            }
        });
    }

    /** A server that answers the first request of each connection with the given text, and then closes the connection. */
    public static RawServer answeringAndClosing(String response) {
        return handling((number, connection) -> {
            if (connection.readRequest() != null) {
                connection.write(response);
            }
        });
    }

    /** A server whose connections are served by the handler, each on a thread of its own. */
    public static RawServer handling(Handler handler) {
        return new RawServer(handler);
    }

    /**
     * A URL of this server.
     *
     * @param path begins with a slash, or is empty
     */
    public String url(String path) {
        return "http://127.0.0.1:" + port() + path;
    }

    public int port() {
        return listening.getLocalPort();
    }

    /** The requests that have been read so far, each with its head and body as they were sent, oldest first. */
    public List<String> requests() {
        return List.copyOf(requests);
    }

    /** Number of connections that have been accepted so far. */
    public int connections() {
        return accepted.get();
    }

    /** Number of connections that are open on this side. */
    public int openConnections() {
        return open.size();
    }

    /** Stops listening and closes all connections. */
    @Override
    public void close() {
        try {
            listening.close();
            for (var socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                var socket = listening.accept();
                open.add(socket);
                var number = accepted.incrementAndGet();
                Thread.ofVirtual().start(() -> serve(number, socket));
            } catch (IOException e) {
                // Closed.
                return;
            }
        }
    }

    private void serve(int number, Socket socket) {
        try (socket) {
            handler.handle(number, new Connection(socket));
        } catch (IOException e) {
            // The client has closed the connection, or the server has been closed.
        } finally {
            open.remove(socket);
        }
    }

    /** A connection of a client. Used by one thread. */
    public final class Connection {
        private final Socket socket;

        private Connection(Socket socket) {
            this.socket = socket;
        }

        /** Reads the next request, with a body if it states a length; null if the client has closed the connection. */
        public @Nullable String readRequest() throws IOException {
            var in = socket.getInputStream();
            var head = new StringBuilder();
            var length = 0;
            for (var line = readLine(in); line != null; line = readLine(in)) {
                head.append(line).append("\r\n");
                if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                    length = Integer.parseInt(
                            line.substring("content-length:".length()).strip());
                }
                if (line.isEmpty()) {
                    var request = head + new String(in.readNBytes(length), StandardCharsets.UTF_8);
                    requests.add(request);
                    return request;
                }
            }
            return null;
        }

        /** Sends a text in UTF-8. */
        public void write(String text) throws IOException {
            write(text.getBytes(StandardCharsets.UTF_8));
        }

        /** Sends bytes. */
        public void write(byte[] bytes) throws IOException {
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
        }

        /** Waits until the client closes the connection. */
        public void awaitClosedByClient() throws IOException {
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        }

        /** Closes the connection so that the client sees a reset instead of the end of the stream. */
        public void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }

        private static @Nullable String readLine(InputStream in) throws IOException {
            var line = new StringBuilder();
            for (var c = in.read(); c >= 0; c = in.read()) {
                if (c == '\n') {
                    return line.toString();
                }
                if (c != '\r') {
                    line.append((char) c);
                }
            }
            return null;
        }
    }
}
