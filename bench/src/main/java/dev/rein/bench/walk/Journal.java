package dev.rein.bench.walk;

import dev.rein.cancel.CancelRequest;
import dev.rein.run.CancelResult;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/** What the user code of one case has seen: each start of it, and each stop. Thread-safe. */
final class Journal {
    /** Kinds of user code. */
    enum Code {
        MODEL,
        TOOL,
        GATED_TOOL,
        BEFORE_HOOK,
        AFTER_HOOK,
        FUNCTION,
        DECISION,
        CLEANUP
    }

    /**
     * User code has been entered.
     *
     * @param runId the run that it works for
     * @param at when its first line ran, by the wall clock as events are stamped
     */
    record Start(Code code, String name, String runId, Instant at) {}

    /**
     * A call of cancel has returned.
     *
     * @param at when, by the wall clock
     */
    record Stop(CancelRequest request, CancelResult result, Instant at) {}

    private final List<Start> starts = new ArrayList<>();
    private final List<Stop> stops = new ArrayList<>();
    private final AtomicInteger accepted = new AtomicInteger();
    private final AtomicInteger count = new AtomicInteger();
    private final IntConsumer onStart;

    /** @param onStart called with the number of each start, from 0, on the thread of the user code */
    Journal(IntConsumer onStart) {
        this.onStart = onStart;
    }

    void started(Code code, String name, String runId) {
        var start = new Start(code, name, runId, Instant.now());
        synchronized (this) {
            starts.add(start);
        }
        if (code != Code.CLEANUP) {
            onStart.accept(count.getAndIncrement());
        }
    }

    /** @param result what cancel has just returned */
    void stopped(CancelRequest request, CancelResult result) {
        stopped(request, result, Instant.now());
    }

    synchronized void stopped(CancelRequest request, CancelResult result, Instant at) {
        stops.add(new Stop(request, result, at));
    }

    /** People have allowed something. */
    void accepted() {
        accepted.incrementAndGet();
    }

    int acceptances() {
        return accepted.get();
    }

    synchronized List<Start> starts() {
        return List.copyOf(starts);
    }

    synchronized List<Stop> stops() {
        return List.copyOf(stops);
    }
}
