package dev.rein.os.internal.socket;

import dev.rein.os.internal.route.Caller;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Closes sockets when the token of their client expires. Thread-safe. */
final class TokenExpiries implements AutoCloseable {
    /** How long a client has to answer the close frame. */
    private static final Duration CLOSE_WAIT = Duration.ofSeconds(5);

    /** Longer delays are waited for in parts: the clock may be set. */
    private static final Duration MAX_DELAY = Duration.ofHours(1);

    private final Map<SocketClient, Future<?>> timers = new ConcurrentHashMap<>();
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("rein-os-token-timer").factory());

    TokenExpiries() {
        timer.setRemoveOnCancelPolicy(true);
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** Watches the token of a client instead of its earlier one. */
    void watch(SocketClient client, Caller caller) {
        var end = caller.expiresAt();
        if (end == null) {
            forget(client);
            return;
        }
        schedule(client, () -> expire(client), Duration.between(Instant.now(), end));
        if (client.isClosed()) {
            forget(client);
        }
    }

    private void expire(SocketClient client) {
        if (client.closeIfExpired()) {
            schedule(client, () -> disconnect(client), CLOSE_WAIT);
            return;
        }
        var caller = client.caller();
        if (caller != null) {
            watch(client, caller);
        }
    }

    private void disconnect(SocketClient client) {
        forget(client);
        client.disconnect();
    }

    private void schedule(SocketClient client, Runnable task, Duration delay) {
        var millis = Math.clamp(delay.toMillis() + 1, 1, MAX_DELAY.toMillis());
        try {
            var earlier = timers.put(client, timer.schedule(task, millis, TimeUnit.MILLISECONDS));
            if (earlier != null) {
                earlier.cancel(false);
            }
        } catch (RejectedExecutionException e) {
            // The server is closing, and all sockets with it.
        }
    }

    void forget(SocketClient client) {
        var watching = timers.remove(client);
        if (watching != null) {
            watching.cancel(false);
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
