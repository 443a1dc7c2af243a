package dev.rein.testkit;

import dev.rein.cancel.Cancellation;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/** The calls of one model that hang until they are released. Thread-safe. */
final class WaitingCalls {
    private final Set<CompletableFuture<Void>> hanging = new HashSet<>();

    /** Waits until the run is stopped or {@link #release()}. Costs a future and a place in a set, nothing else. */
    void hang(Cancellation cancellation) {
        var released = add();
        try {
            cancellation.await(released, null);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("a future that only completes without a value has failed", e);
        } finally {
            remove(released);
        }
    }

    void spin() {
        var released = add();
        while (!released.isDone()) {
            Thread.onSpinWait();
        }
        remove(released);
    }

    void sleepOn() {
        var released = add();
        var interrupted = false;
        while (!released.isDone()) {
            LockSupport.parkNanos(this, Duration.ofMillis(5).toNanos());
            // An interrupted thread does not park: a deaf one clears the flag and goes on.
            interrupted |= Thread.interrupted();
        }
        remove(released);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    synchronized void release() {
        hanging.forEach(released -> released.complete(null));
    }

    synchronized int count() {
        return hanging.size();
    }

    void await(int count, Duration atMost) {
        Waits.until(
                this, atMost, () -> hanging.size() >= count, () -> count + " calls to wait: " + hanging.size() + " do");
    }

    private synchronized CompletableFuture<Void> add() {
        var released = new CompletableFuture<Void>();
        hanging.add(released);
        notifyAll();
        return released;
    }

    private synchronized void remove(CompletableFuture<Void> released) {
        hanging.remove(released);
    }
}
