package dev.rein.testkit;

import dev.rein.cancel.Cancellation;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/** The calls of a model that hang until they are released. Thread-safe. */
final class WaitingCalls {
    private final Set<Hanging> hanging = new HashSet<>();

    /** A call that hangs; compared by identity. */
    private static final class Hanging {
        final CompletableFuture<Void> released = new CompletableFuture<>();
    }

    /** Waits until the run is stopped or {@link #release()} is called. Needs only a future and an entry in a set. */
    void hang(Cancellation cancellation) {
        var call = add();
        try {
            cancellation.await(call.released, null);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the future never fails", e);
        } finally {
            remove(call);
        }
    }

    void spin() {
        var call = add();
        while (!call.released.isDone()) {
            Thread.onSpinWait();
        }
        remove(call);
    }

    void sleepThroughInterrupts() {
        var call = add();
        var interrupted = false;
        while (!call.released.isDone()) {
            LockSupport.parkNanos(this, Duration.ofMillis(5).toNanos());
            // An interrupted thread does not park, so the flag has to be cleared.
            interrupted |= Thread.interrupted();
        }
        remove(call);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    synchronized void release() {
        hanging.forEach(call -> call.released.complete(null));
    }

    synchronized int count() {
        return hanging.size();
    }

    void await(int count, Duration atMost) {
        MonitorWaits.until(
                this, atMost, () -> hanging.size() >= count, () -> count + " calls to hang: " + hanging.size() + " do");
    }

    private synchronized Hanging add() {
        var call = new Hanging();
        hanging.add(call);
        notifyAll();
        return call;
    }

    private synchronized void remove(Hanging call) {
        hanging.remove(call);
    }
}
