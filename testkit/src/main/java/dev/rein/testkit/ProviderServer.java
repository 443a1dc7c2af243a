package dev.rein.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Listens on the loopback interface, and owns all connections and threads of a provider. */
final class ProviderServer implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ServerSocket listener;
    private final RequestRouter router;
    private final int maxRequestBody;
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("fake-provider-", 0).factory());
    private final Set<ClientConnection> connections = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    ProviderServer(int port, int backlog, int maxRequestBody, RequestRouter router) {
        this.router = router;
        this.maxRequestBody = maxRequestBody;
        try {
            listener = new ServerSocket();
            listener.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port), backlog);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot listen on 127.0.0.1:" + port + ": is another program using it?", e);
        }
        Thread.ofPlatform().daemon().name("fake-provider-accept-" + port()).start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    int openConnections() {
        return connections.size();
    }

    int maxRequestBody() {
        return maxRequestBody;
    }

    RequestRouter router() {
        return router;
    }

    Future<?> start(Runnable task) {
        return threads.submit(task);
    }

    void ended(ClientConnection connection) {
        connections.remove(connection);
    }

    @Override
    public void close() {
        closed = true;
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot stop listening on port " + port(), e);
        }
        router.close();
        connections.forEach(ClientConnection::close);
        threads.shutdownNow();
        try {
            if (!threads.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("a thread of the provider on port " + port() + " has not ended within "
                        + PATIENCE + ": does the function passed to answerBy() block?");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void accept() {
        while (!closed) {
            try {
                take(listener.accept());
            } catch (IOException e) {
                if (!closed) {
                    throw new UncheckedIOException("accepting on port " + port() + " failed", e);
                }
            }
        }
    }

    private void take(Socket socket) {
        var connection = new ClientConnection(this, socket, router.heldAtAccept());
        connections.add(connection);
        if (closed) {
            connection.close();
        } else {
            threads.execute(connection);
        }
    }
}
