package dev.rein.internal.storing;

import dev.rein.internal.PrintableExceptions;
import dev.rein.queue.QueuedRun;
import dev.rein.queue.RunQueue;
import dev.rein.queue.RunQueue.Claim;
import dev.rein.queue.RunQueue.Claimable;
import dev.rein.queue.RunQueue.Enqueued;
import dev.rein.run.RunStatus;
import dev.rein.session.SessionPolicy;
import dev.rein.session.StoredRun;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The queue of a store, for this process. All calls are bounded. Thread-safe. */
public final class StoreQueue {
    /** Waits for a run of this process. */
    @FunctionalInterface
    public interface WaitHere {
        /** @return false if the run does not work in this process: then it has not waited */
        boolean await(Duration atMost) throws InterruptedException;
    }

    private static final long SHORTEST_MILLIS = 5;
    private static final long LONGEST_MILLIS = 250;

    private final ProcessLease lease;

    /** @param lease the lease of this process in a store that implements {@link RunQueue} */
    public StoreQueue(ProcessLease lease) {
        this.lease = lease;
    }

    /** Whether the store is closed, or no longer used. */
    public boolean isClosed() {
        return lease.store() == null;
    }

    /** @throws IllegalStateException if the store does not answer, or fails */
    public Enqueued enqueue(StoredRun run, QueuedRun place, SessionPolicy policy, int maxQueued) {
        return call(queue -> queue.enqueue(run, place, policy, maxQueued));
    }

    /**
     * Claims runs for this process, on the thread of the caller and without a limit of time: a claim that succeeds after its caller has left
     * would be nobody's.
     *
     * @throws RuntimeException if the store fails; it may have claimed runs all the same
     */
    public List<Claim> claim(Collection<Claimable> components, int most) {
        var queue = store();
        return PrintableExceptions.get(() -> queue.claim(lease.owner(queue), components, most));
    }

    /** The runs that this process has claimed; called as {@link #claim} is. */
    public List<Claim> claims() {
        var queue = store();
        var owner = lease.owner();
        return owner == null ? List.of() : PrintableExceptions.get(() -> queue.claims(owner));
    }

    private RunQueue store() {
        if (lease.store() instanceof RunQueue queue) {
            return queue;
        }
        throw new IllegalStateException("the store is closed");
    }

    /** The process follows new requests of others for its runs at once. */
    public void claimed() {
        lease.pollSoon();
    }

    /** @throws IllegalStateException if the store does not answer, or fails */
    public boolean unclaim(Claim claim, Duration delay) {
        return call(queue -> queue.unclaim(claim, delay.toMillis()));
    }

    /** @throws IllegalStateException if the store does not answer, or fails */
    public Optional<StoredRun> run(String runId) {
        return call(queue -> queue.run(runId));
    }

    /** The status of a run; null if it is not stored. @throws IllegalStateException if the store does not answer, or fails */
    public @Nullable RunStatus status(String runId) {
        return call(queue -> queue.statuses(List.of(runId))).get(runId);
    }

    /** Sets what is done when the queue may have something to claim, once this process has a lease. It returns at once. */
    public void onNews(Runnable action) {
        lease.onQueueNews(action);
    }

    private <T> T call(Function<RunQueue, T> query) {
        return lease.call(store -> query.apply((RunQueue) store));
    }

    /**
     * Waits until a run has ended, whatever process has it. A store that does not answer is asked again.
     *
     * @param rest what is seen of a run that has ended according to the store; null while it is seen to work, as when its code goes on
     * @param here waits for the run while it works in this process
     * @param orPaused whether a pause ends the wait too
     * @param atMostNanos how long to wait
     * @throws TimeoutException if that does not happen in time
     * @throws IllegalStateException if the store is closed
     */
    public <T> T awaitRest(
            String runId, Supplier<? extends @Nullable T> rest, WaitHere here, boolean orPaused, long atMostNanos)
            throws InterruptedException, TimeoutException {
        var begun = System.nanoTime();
        for (var wait = SHORTEST_MILLIS; ; wait = Math.min(2 * wait, LONGEST_MILLIS)) {
            var seen = this.<T>orNull(runId, () -> isAtRest(runId, orPaused) ? rest.get() : null);
            if (seen != null) {
                return seen;
            }
            var left = atMostNanos - (System.nanoTime() - begun);
            if (left <= 0) {
                throw new TimeoutException("run " + runId + " did not end in time; it goes on");
            }
            var atMost = Duration.ofNanos(Math.min(left, TimeUnit.MILLISECONDS.toNanos(wait)));
            if (!here.await(atMost)) {
                Thread.sleep(atMost);
            }
        }
    }

    private boolean isAtRest(String runId, boolean orPaused) {
        var status = status(runId);
        return status == null || status.isTerminal() || (orPaused && status == RunStatus.PAUSED);
    }

    /** The answer to a question to the store; null if it does not answer now. */
    private <T> @Nullable T orNull(String runId, Supplier<? extends @Nullable T> question) {
        try {
            return question.get();
        } catch (IllegalStateException e) {
            if (isClosed()) {
                throw new IllegalStateException("the store of run " + runId + " is closed: its end is not known", e);
            }
            return null;
        }
    }
}
