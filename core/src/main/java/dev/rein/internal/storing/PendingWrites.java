package dev.rein.internal.storing;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Counts the terminal records of runs that are not stored yet, and those that were lost. Thread-safe. */
public final class PendingWrites {
    private static final AtomicInteger waiting = new AtomicInteger();
    private static final AtomicLong lost = new AtomicLong();

    private PendingWrites() {}

    /** Counts a terminal record until its write has ended. */
    static void began(CompletableFuture<?> written) {
        waiting.incrementAndGet();
        // The returned future fails as this one does, and that is counted here.
        var _ = written.whenComplete((_, failure) -> {
            if (failure != null) {
                lost.incrementAndGet();
            }
            waiting.decrementAndGet();
        });
    }

    public static int waiting() {
        return waiting.get();
    }

    public static long lost() {
        return lost.get();
    }
}
