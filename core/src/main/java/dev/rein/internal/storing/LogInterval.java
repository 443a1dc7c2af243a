package dev.rein.internal.storing;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** Bounds how often a failure is logged that may occur thousands of times a second. Thread-safe. */
final class LogInterval {
    static final Duration INTERVAL = Duration.ofSeconds(10);

    private final LongSupplier nanoTime;
    private final AtomicLong next;
    private final AtomicLong skipped = new AtomicLong();

    /** @param nanoTime as {@link System#nanoTime} */
    LogInterval(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.next = new AtomicLong(nanoTime.getAsLong());
    }

    /** Whether the caller may log the failure; otherwise it is counted. */
    boolean mayLog() {
        var now = nanoTime.getAsLong();
        var due = next.get();
        if (now - due >= 0 && next.compareAndSet(due, now + INTERVAL.toNanos())) {
            return true;
        }
        skipped.incrementAndGet();
        return false;
    }

    /** The number of failures that were not logged since the last call. */
    long takeSkipped() {
        return skipped.getAndSet(0);
    }
}
