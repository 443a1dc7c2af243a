package dev.rein.internal.storing;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** The ends of runs on their way to the stores of this process. Thread-safe. */
public final class PendingWrites {
    private static final AtomicInteger waiting = new AtomicInteger();
    private static final AtomicLong lost = new AtomicLong();

    private PendingWrites() {}

    /** An end is to be written; it is lost if that fails for good. */
    static void began(CompletableFuture<?> written) {
        waiting.incrementAndGet();
        // What it returns fails as this one does, and that is counted here.
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
