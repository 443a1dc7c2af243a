package dev.rein.bench.tools;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;

/** A server that accepts connections, reads what comes, and never answers. Knows which connections are open. */
final class SilentServer implements AutoCloseable {
    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final AtomicInteger open = new AtomicInteger();

    SilentServer() throws IOException {
        Thread.ofVirtual().name("bench-silent-server").start(this::accept);
    }

    String url() {
        return "http://127.0.0.1:" + server.getLocalPort() + "/";
    }

    /** How many connections have sent something and are open. */
    int open() {
        return open.get();
    }

    private void accept() {
        try {
            while (true) {
                var socket = server.accept();
                Thread.ofVirtual().start(() -> read(socket));
            }
        } catch (IOException e) {
            if (!server.isClosed()) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void read(Socket accepted) {
        try (var socket = accepted;
                var input = socket.getInputStream()) {
            if (input.read() < 0) {
                return;
            }
            open.incrementAndGet();
            try {
                input.skip(Long.MAX_VALUE);
            } finally {
                open.decrementAndGet();
            }
        } catch (IOException e) {
            // The connection was reset, which is an end too.
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
