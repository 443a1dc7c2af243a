package dev.rein.os.internal.socket;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.os.internal.route.Caller;
import dev.rein.os.internal.route.Client;
import dev.rein.os.internal.wire.WireJson;
import dev.rein.runtime.EventStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.jspecify.annotations.Nullable;

/**
 * A client of the WebSocket. Messages are sent one at a time and senders wait, so that nothing piles up for a slow
 * client. Thread-safe.
 */
final class SocketClient {
    /** A client that reads nothing for this long is disconnected. */
    private static final long SEND_TIMEOUT_SECONDS = 30;

    private static final int GOING_AWAY = 1001;
    private static final int POLICY_VIOLATION = 1008;

    private final Session session;
    private final Client connection;
    private final long openedAt = System.nanoTime();
    private volatile long messageAt = openedAt;

    /** The runs it follows, including those that it is about to follow. */
    private final AtomicInteger streams = new AtomicInteger();

    private final ReentrantLock sending = new ReentrantLock();
    private final Set<EventStream> following = ConcurrentHashMap.newKeySet();
    private volatile @Nullable Caller caller;
    private volatile boolean closed;

    /** @param caller the authenticated caller; null before authentication */
    SocketClient(Session session, Client connection, @Nullable Caller caller) {
        this.session = session;
        this.connection = connection;
        this.caller = caller;
    }

    /** The authenticated caller; null before authentication and after the end of its token. */
    @Nullable
    Caller caller() {
        var known = caller;
        return known == null || known.isExpired() ? null : known;
    }

    void authenticated(Caller known) {
        caller = known;
        connection.authenticated();
    }

    /** Ends what the socket follows and sends a close frame, unless the client has shown a later token meanwhile. */
    boolean closeIfExpired() {
        if (caller == null || caller() != null) {
            return false;
        }
        closed();
        session.close(POLICY_VIOLATION, "The token has expired", Callback.NOOP);
        return true;
    }

    /** Closes the connection without waiting for the client. */
    void disconnect() {
        session.disconnect();
    }

    /** Sends JSON with spaces, as clients of this socket expect. */
    void send(ObjectNode message) throws IOException {
        send(WireJson.spacedBytes(message));
    }

    /**
     * Sends a text and waits until it has been written.
     *
     * @throws IOException if the client has disconnected or does not read
     */
    void send(byte[] utf8) throws IOException {
        var sent = new Sent();
        try {
            if (!sending.tryLock(SEND_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException("the client does not read");
            }
            try {
                session.sendText(new String(utf8, StandardCharsets.UTF_8), sent);
                sent.await();
            } finally {
                sending.unlock();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while sending", e);
        } catch (IOException e) {
            session.disconnect();
            throw e;
        }
    }

    /** Closes these events when the socket closes. */
    void addStream(EventStream events) {
        following.add(events);
        if (closed) {
            events.close();
        }
    }

    void removeStream(EventStream events) {
        following.remove(events);
    }

    /** Takes one of {@code most} places for runs to follow. */
    boolean takeStream(int most) {
        return streams.getAndUpdate(taken -> taken < most ? taken + 1 : taken) < most;
    }

    void releaseStream() {
        streams.decrementAndGet();
    }

    /** Notes that the client has sent a message. */
    void active() {
        messageAt = System.nanoTime();
    }

    /** Closes the socket if it has not authenticated in time, or neither says nor follows anything. */
    void closeIfIdle(Duration authentication, Duration idle) {
        var now = System.nanoTime();
        if (caller == null) {
            if (now - openedAt >= authentication.toNanos()) {
                close(POLICY_VIOLATION, "Authentication is required within " + authentication.toMillis() + " ms");
            }
        } else if (streams.get() == 0 && now - messageAt >= idle.toNanos()) {
            close(GOING_AWAY, "No message within " + idle.toMillis() + " ms");
        }
    }

    /** Sends a close frame, and does not wait for the client's. */
    private void close(int status, String reason) {
        session.close(status, reason, Callback.from(session::disconnect, _ -> session.disconnect()));
    }

    boolean isClosed() {
        return closed;
    }

    /** Marks the socket closed and closes the streams of its followers. */
    void closed() {
        closed = true;
        following.forEach(EventStream::close);
    }

    /** Sends a close frame and counts down once it has been written. */
    void closeGoingAway(CountDownLatch written) {
        session.close(
                GOING_AWAY, "The server is shutting down", Callback.from(written::countDown, _ -> written.countDown()));
    }

    /** The completion of a message being sent. */
    private static final class Sent implements Callback {
        private final CountDownLatch over = new CountDownLatch(1);
        private final AtomicReference<Throwable> failure = new AtomicReference<>();

        @Override
        public void succeed() {
            over.countDown();
        }

        @Override
        public void fail(Throwable cause) {
            failure.set(cause);
            over.countDown();
        }

        void await() throws IOException, InterruptedException {
            if (!over.await(SEND_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException("the client does not read");
            }
            var cause = failure.get();
            if (cause != null) {
                throw new IOException("the client has gone", cause);
            }
        }
    }
}
