package dev.rein.queue;

import dev.rein.run.ComponentKind;
import dev.rein.session.Page;
import dev.rein.session.SessionPolicy;
import dev.rein.session.SharedStore;
import dev.rein.session.StoredRun;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A store with a queue of durable runs. Any of the processes that share it may claim a queued run, which it owns from then on like
 * the other runs of its own.
 *
 * <pre>
 *   enqueue --> QUEUED --claim--> CLAIMED --the run ends--> OVER
 *                  ^                 |
 *                  +-----------------+ the execution fails, or its process dies, and attempts are left
 *
 *   a stop of a queued run: QUEUED --> OVER, at once
 * </pre>
 *
 * Each claim makes the run's {@linkplain StoredRun#epoch() epoch} grow, and so does each return to the queue. Whoever writes to the run
 * must have its present epoch: a process that was suspended meanwhile changes nothing. {@link #finish} returns a root run that ends
 * with ERROR to the queue while attempts are left, unless a guardrail has ended it or somebody has asked to stop it; the result has the
 * run as PENDING and without an owner. {@link #endRunsOf} does the same for the runs of a dead owner. Implementations are thread-safe.
 */
public interface RunQueue extends SharedStore {
    /** What listeners are notified of in place of an owner when the queue may have runs for them. */
    String NEWS = "queue";

    /**
     * Adds a run to the queue, with its row.
     *
     * @param run the row: PENDING, without an owner
     * @param place its place in the queue
     * @param policy how it is treated if its session is busy
     * @param maxQueued the maximum number of runs in the queue, this one included
     */
    Enqueued enqueue(StoredRun run, QueuedRun place, SessionPolicy policy, int maxQueued);

    /**
     * Claims queued runs: the highest priority first, and of one priority the oldest. A run that is {@link QueuedRun#inOrder} is left out
     * while an earlier one of its session works or is queued.
     *
     * @param owner the process that executes them, whose lease lasts
     * @param components the components that it can run, with the maximum number of runs for each
     * @param most the maximum number of runs, at least 1
     * @return the claimed runs, which have the owner; none if there are none, or the lease of the owner has expired
     */
    List<Claim> claim(String owner, Collection<Claimable> components, int most);

    /**
     * Writes a claimed run as it is now, from which another process could go on.
     *
     * @param run the row; its {@link StoredRun#pause()} is the checkpoint, also while it is RUNNING
     * @return false, without a change, if the run is not its owner's any more, or has ended
     */
    boolean checkpoint(StoredRun run);

    /**
     * Returns a claimed run to the queue before its execution has begun.
     *
     * @param claim the claim, which must be the latest one of the run
     * @param delayMillis how long nobody claims it again, in milliseconds
     * @return false if the run is not the owner's any more, or has ended
     */
    boolean unclaim(Claim claim, long delayMillis);

    /**
     * Returns the claims of an owner whose runs have not ended and are not paused: for a process that does not know whether a claim has
     * succeeded, because the store failed meanwhile.
     */
    List<Claim> claims(String owner);

    /** Returns the place of a run in the queue, also after its end; empty if it was never there. */
    Optional<QueuedRun> queued(String runId);

    /**
     * Lists places in the queue.
     *
     * @throws IllegalArgumentException if the store can't hold an id of the query
     */
    Page<QueuePlace> places(PlaceQuery query);

    /**
     * A component whose runs a process can execute.
     *
     * @param most the maximum number of runs to claim, at least 1
     */
    record Claimable(ComponentKind source, String componentId, int most) {}

    /**
     * A claimed run.
     *
     * @param run the row as it is now
     * @param place its place in the queue, this attempt counted
     * @param nextIndex the index of its next event: no event of an earlier execution has it
     */
    record Claim(StoredRun run, QueuedRun place, long nextIndex) {}

    /**
     * The answer to a run that is added to the queue.
     *
     * @param result what has become of it
     * @param other the run with the same idempotency key, or the one that is in its way; null if there is none
     */
    record Enqueued(Result result, @Nullable StoredRun other) {
        /** What has become of a run that is added to the queue. */
        public enum Result {
            /** It is stored. */
            QUEUED,
            /** It is not stored: a run with the same idempotency key is. */
            KEY_USED,
            /** It is not stored: the queue is full. */
            FULL,
            /** It is not stored: another run is live in the session. */
            BUSY,
            /** It is not stored: its id is used. */
            ID_USED
        }
    }
}
