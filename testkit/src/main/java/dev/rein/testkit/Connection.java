package dev.rein.testkit;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection of a client. Its thread does nothing but read, also while an answer is being written by another, so
 * that it sees the end of the connection the moment it comes. It is a virtual thread, because a selector is no cheaper: of
 * 10,000 closes at once each cost a bare reader of either kind 11 to 12 us of CPU once warm (two cores, JDK 25). All that
 * is done here on a close costs 29 to 44 us.
 */
final class Connection implements Runnable {
    private static final Logger log = LoggerFactory.getLogger(Connection.class);
    private static final Duration LINGER = Duration.ofSeconds(2);

    private final Server server;
    private final Socket socket;
    private Router.@Nullable Arrival held;
    private volatile @Nullable Exchange current;

    /** @param held the script that keeps this connection from being read; null to read it */
    Connection(Server server, Socket socket, Router.@Nullable Arrival held) {
        this.server = server;
        this.socket = socket;
        this.held = held;
        this.current = held == null ? null : held.exchange();
    }

    @Override
    public void run() {
        try (socket) {
            socket.setTcpNoDelay(true);
            if (held == null || hold(held.exchange())) {
                serve();
            }
        } catch (IOException e) {
            closedByClient(System.nanoTime());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            server.ended(this);
        }
    }

    /** Ends the connection from this side. */
    void close() {
        var exchange = current;
        if (exchange != null) {
            exchange.cut();
        }
        closeSocket();
    }

    private void serve() throws IOException, InterruptedException {
        var out = new HttpOutput(socket);
        var in = new HttpInput(socket.getInputStream(), socket.getOutputStream(), server.maxRequestBody());
        for (var request = read(in, out); request != null; request = read(in, out)) {
            var arrival = server.router().arrived(request, held);
            held = null;
            current = arrival.exchange();
            var answering = server.start(() -> answer(arrival, out));
            if (!in.awaitBytes()) {
                break;
            }
            await(answering);
            current = null;
        }
        closedByClient(System.nanoTime());
    }

    private void answer(Router.Arrival arrival, HttpOutput out) {
        try {
            server.router().answer(arrival, out);
        } catch (IOException e) {
            arrival.exchange().writeFailed(System.nanoTime());
            closeSocket();
        } catch (RuntimeException e) {
            if (arrival.exchange().outcome() == Exchange.Outcome.OPEN) {
                log.warn("{} could not be answered", arrival.exchange(), e);
            }
            arrival.exchange().cut();
            closeSocket();
        }
    }

    private @Nullable ReceivedRequest read(HttpInput in, HttpOutput out) throws IOException {
        try {
            return in.next();
        } catch (HttpInput.BadRequest e) {
            out.whole(e.status, Reply.JSON, FixtureJson.error(e.status, String.valueOf(e.getMessage())), null, true);
            // Closing with unread bytes would reset the connection, and the answer with it: read on for a while.
            socket.shutdownOutput();
            socket.setSoTimeout((int) LINGER.toMillis());
            socket.getInputStream().skip(Long.MAX_VALUE);
            return null;
        }
    }

    private boolean hold(Exchange exchange) {
        try (var _ = AcceptWatch.on(socket, exchange)) {
            return exchange.hang();
        }
    }

    private void closedByClient(long nanoTime) {
        var exchange = current;
        if (exchange != null) {
            exchange.clientClosed(nanoTime);
        }
    }

    private void closeSocket() {
        try {
            socket.close();
        } catch (IOException e) {
            // It is of no use any more all the same.
        }
    }

    private static void await(Future<?> answering) throws InterruptedException {
        try {
            answering.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("answering never throws", e.getCause());
        }
    }
}
