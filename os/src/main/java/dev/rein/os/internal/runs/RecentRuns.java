package dev.rein.os.internal.runs;

import dev.rein.run.RunStatus;
import dev.rein.runtime.RunHandle;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * The runs started by this server whose events clients may resume: until they end, and for some time after if they
 * outlive their request. Bounded in number, time and estimated memory; the runs that ended first are evicted first.
 * Thread-safe.
 */
final class RecentRuns {
    private static final long KEEP_NANOS = Duration.ofMinutes(30).toNanos();
    private static final int MAX_ENDED = 1_000;
    private static final long POLL_MILLIS = 200;

    private record Ended(String runId, long at, long bytes) {}

    private final LongSupplier clock;
    private final long maxBytes;
    private final Map<String, RunHandle> runs = new HashMap<>();
    private final ArrayDeque<Ended> ended = new ArrayDeque<>();
    private long bytes;

    /** @param maxBytes the memory of the ended runs together */
    RecentRuns(LongSupplier clock, long maxBytes) {
        this.maxBytes = maxBytes;
        this.clock = clock;
    }

    synchronized void add(RunHandle run) {
        runs.put(run.id(), run);
    }

    /** Waits until all runs have ended or are paused, for at most {@code atMost}. */
    synchronized boolean awaitIdle(Duration atMost) throws InterruptedException {
        var deadline = clock.getAsLong() + atMost.toNanos();
        while (runs.values().stream().anyMatch(RecentRuns::isExecuting)) {
            var millis = Duration.ofNanos(deadline - clock.getAsLong()).toMillis();
            if (millis <= 0) {
                return false;
            }
            // Pauses send no notification.
            wait(Math.min(millis, POLL_MILLIS));
        }
        return true;
    }

    /** Whether a run has neither ended nor paused. */
    static boolean isExecuting(RunHandle run) {
        return !run.status().isTerminal() && run.status() != RunStatus.PAUSED;
    }

    /** @param keep whether clients may resume its events */
    void ended(RunHandle run, boolean keep) {
        var size = keep ? RunWeight.of(run) : 0;
        synchronized (this) {
            notifyAll();
            if (!keep || size > maxBytes) {
                runs.remove(run.id());
                return;
            }
            ended.add(new Ended(run.id(), clock.getAsLong(), size));
            bytes += size;
            evict();
        }
    }

    private void evict() {
        var oldest = clock.getAsLong() - KEEP_NANOS;
        while (!ended.isEmpty() && (ended.size() > MAX_ENDED || bytes > maxBytes || ended.getFirst().at - oldest < 0)) {
            var evicted = ended.removeFirst();
            bytes -= evicted.bytes;
            runs.remove(evicted.runId);
        }
    }

    synchronized Optional<RunHandle> find(String runId) {
        evict();
        return Optional.ofNullable(runs.get(runId));
    }

    /** The runs that have neither ended nor paused. */
    synchronized List<RunHandle> live() {
        return runs.values().stream().filter(RecentRuns::isExecuting).toList();
    }
}
