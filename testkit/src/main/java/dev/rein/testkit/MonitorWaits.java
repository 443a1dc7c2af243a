package dev.rein.testkit;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits on monitors, with a timeout and an error message. */
final class MonitorWaits {
    private MonitorWaits() {}

    /**
     * Waits until a condition holds. Threads that change it must hold {@code lock} and notify.
     *
     * @param what completes the message "waited 1 s for "; called after the timeout, with the lock held
     * @throws AssertionError after the timeout
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
     * @param nanos 0 for no timeout
     */
    @SuppressWarnings("WaitNotInLoop") // The callers loop.
    static void on(Object lock, long nanos) {
        try {
            // Rounded up to milliseconds, because the caller would otherwise spin during the last fraction.
            lock.wait(nanos == 0 ? 0 : (nanos + 999_999) / 1_000_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting", e);
        }
    }
}
