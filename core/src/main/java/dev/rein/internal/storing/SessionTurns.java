package dev.rein.internal.storing;

import dev.rein.internal.PrintableExceptions;
import dev.rein.internal.stop.Threads;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The runs of this process that wait until a shared store gives them the turn of their session. While there are any, the store is
 * asked when it notifies this process, and in intervals that grow from 10 ms to a quarter of a second: not every store
 * notifies, and notifications get lost. Thread-safe.
 */
final class SessionTurns {
    private static final long SHORTEST_MILLIS = 10;
    private static final long LONGEST_MILLIS = 250;

    /** After so long without an answer, runs that do not depend on the store go on without it. */
    private static final Duration OUTAGE = Duration.ofSeconds(5);

    private static final Logger log = LoggerFactory.getLogger(SessionTurns.class);

    private record Waiting(String owner, StoredTurn turn, boolean optional) {}

    private final ProcessLease lease;
    private final Map<String, Waiting> waiting = new ConcurrentHashMap<>();
    private final AtomicBoolean isWoken = new AtomicBoolean();
    private final ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(1, Threads.daemon("rein-turns"));
    private volatile long intervalMillis = SHORTEST_MILLIS;

    /** Whether the next poll is scheduled. Guarded by this. */
    private boolean isPolling;

    /** When the store began to fail; null while it answers. Of the thread. */
    private @Nullable Long failingSince;

    SessionTurns(ProcessLease lease) {
        this.lease = lease;
        thread.setKeepAliveTime(10, TimeUnit.SECONDS);
        thread.allowCoreThreadTimeOut(true);
    }

    /**
     * Adds a run whose first row is stored.
     *
     * @param optional whether it goes on without the store if that does not answer
     */
    void add(String runId, String owner, StoredTurn turn, boolean optional) {
        waiting.put(runId, new Waiting(owner, turn, optional));
        // The one before it may have ended meanwhile.
        wake();
        synchronized (this) {
            if (!isPolling) {
                isPolling = true;
                pollLater();
            }
        }
    }

    /** The run waits no longer. */
    void remove(String runId) {
        waiting.remove(runId);
    }

    /** The store may have news: asks it at once. */
    void wake() {
        if (!waiting.isEmpty() && isWoken.compareAndSet(false, true)) {
            intervalMillis = SHORTEST_MILLIS;
            try {
                thread.execute(() -> {
                    isWoken.set(false);
                    ask();
                });
            } catch (RejectedExecutionException e) {
                // The store is closed.
            }
        }
    }

    private void pollLater() {
        try {
            var _ = thread.schedule(this::poll, intervalMillis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            isPolling = false;
        }
    }

    private void poll() {
        intervalMillis = Math.min(2 * intervalMillis, LONGEST_MILLIS);
        try {
            ask();
        } finally {
            // Also after an Error: nothing else would ask for those that wait.
            synchronized (this) {
                if (waiting.isEmpty()) {
                    isPolling = false;
                } else {
                    pollLater();
                }
            }
        }
    }

    private void ask() {
        try {
            var owners = waiting.values().stream().map(Waiting::owner).collect(Collectors.toSet());
            ask(owners);
            failingSince = null;
        } catch (Exception e) {
            failed(e);
        }
    }

    private void ask(Set<String> owners) {
        for (var owner : owners) {
            var shared = lease.store();
            if (shared == null) {
                return;
            }
            for (var runId : PrintableExceptions.get(() -> shared.turns(owner))) {
                var run = waiting.remove(runId);
                if (run != null) {
                    intervalMillis = SHORTEST_MILLIS;
                    run.turn.given();
                }
            }
        }
    }

    private void failed(Exception e) {
        var now = System.nanoTime();
        if (failingSince == null) {
            failingSince = now;
            log.warn("the store does not say whose turn it is; {} runs wait for theirs", waiting.size(), e);
        } else if (now - failingSince > OUTAGE.toNanos()) {
            waiting.forEach((runId, run) -> {
                if (run.optional && waiting.remove(runId, run)) {
                    run.turn.unknown();
                }
            });
        }
    }

    void close() {
        thread.shutdownNow();
    }
}
