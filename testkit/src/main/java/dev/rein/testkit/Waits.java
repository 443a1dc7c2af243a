package dev.rein.testkit;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waiting on a monitor, with an end and a reason. */
final class Waits {
    private Waits() {}

    /**
     * Waits until a condition holds that others change under {@code lock} and then notify.
     *
     * @param what completes "waited 1 s for "; made only when time is up, under the lock
     * @throws AssertionError when time is up
     */
    static void until(Object lock, Duration atMost, BooleanSupplier condition, Supplier<String> what) {
        synchronized (lock) {
            var end = System.nanoTime() + atMost.toNanos();
            while (!condition.getAsBoolean()) {
                var left = end - System.nanoTime();
                if (left <= 0) {
                    throw new AssertionError("waited " + atMost + " for " + what.get());
                }
                on(lock, left);
            }
        }
    }

    /**
     * Waits on a monitor that the caller holds.
     *
     * @param nanos 0 for no end
     */
    @SuppressWarnings("WaitNotInLoop") // The callers loop.
    static void on(Object lock, long nanos) {
        try {
            // wait() counts in milliseconds: round up, or a last fraction would be spun away.
            lock.wait(nanos == 0 ? 0 : (nanos + 999_999) / 1_000_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting", e);
        }
    }
}
