package dev.rein.session;

import dev.rein.cancel.CancelRequest;
import dev.rein.run.CancelResult.Outcome;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A store that several processes share. Each process owns its runs under an id that it makes up, and holds one lease,
 * which it renews well before the lease expires. An owner whose lease has expired is dead, whether or not its process
 * still exists: other processes end its runs, and their grown epochs keep it from writing to them.
 *
 * <p>The store has one clock for all processes, that of its server, so the clocks of the processes need not agree.
 * Implementations are thread-safe.
 */
public interface SharedStore extends SessionStore {

    /** How long a lease lasts; the same for all processes. */
    Duration lease();

    /** Registers an owner and begins its lease. */
    void register(String owner);

    /**
     * Extends a lease to its full length from now on. An expired lease is extended too, unless another process has
     * noticed that it expired.
     *
     * @return false if the owner is dead: other processes have ended its runs, or may do so
     */
    boolean renew(String owner);

    /** Ends a lease: its owner has no runs any more, or leaves them to others. */
    void deregister(String owner);

    /**
     * Registers what is to be done before the store closes, while it still works: a process ends its runs then, and releases
     * the paused ones. A store calls each action once, at the beginning of its {@code close()}, on the thread that closes it.
     * A store that does not: its runs go on, and their ends are lost.
     *
     * @param action returns within some seconds
     * @return removes it again
     */
    default AutoCloseable beforeClose(Runnable action) {
        return () -> {};
    }

    /**
     * Returns what concerns an owner, in one query.
     *
     * @param owner the process that polls; null for one that has no lease
     */
    Updates poll(@Nullable String owner);

    /**
     * Acknowledges what {@link #poll} has returned, and nothing else: a request that was added since stays unacknowledged.
     *
     * @param owner the process that polled
     * @param seen what was returned, or the part of it that was handled
     */
    void acknowledge(String owner, Updates seen);

    /**
     * Whether the owner of a run has acknowledged all requests to cancel it; true also when the run has ended or is
     * unknown.
     */
    boolean isAcknowledged(String runId);

    /**
     * Ends the runs of a dead owner with what was stored of them: CANCELLED if a cancellation had been requested, otherwise
     * ERROR. Paused trees stay paused, without an owner. Does nothing while the lease lasts.
     *
     * @return the ended runs, as they are now
     */
    List<StoredRun> endRunsOf(String owner);

    /**
     * Releases paused trees of runs, so that any process may adopt them. Only a tree that is PAUSED in the store and has
     * this owner is released; others stay as they are.
     *
     * @param rootRunIds the runs at the top of the trees
     * @return the ids of those that were released
     */
    List<String> release(String owner, Collection<String> rootRunIds);

    /**
     * Requests the cancellation of a run, whoever owns it. A run that is paused at the top of its tree and a run of a
     * dead owner are ended here and now; otherwise the request is kept for the owner, which is notified.
     *
     * @return the outcome; empty if there is no such run
     */
    Optional<CancelReceipt> requestCancel(String runId, CancelRequest request);

    /**
     * Makes a paused run at the top of its tree RUNNING under an owner, which resumes it. Its epoch grows, unless it had
     * that owner before. All runs below it that have not ended go to the owner too, as they are, and their epochs grow as
     * well.
     *
     * @param epoch what its epoch must be
     * @return the run as it is now; empty if it is not paused any more, or has another epoch
     */
    Optional<StoredRun> adopt(String runId, long epoch, String owner);

    /**
     * Notifies {@code listener}, with the id of an owner, when {@link #poll} may have updates for it. A store may do
     * nothing, and may lose notifications: listeners poll now and then in any case.
     *
     * @return stops the notifications
     */
    default AutoCloseable listen(Consumer<String> listener) {
        return () -> {};
    }

    /**
     * What concerns an owner.
     *
     * @param cancelRequests the requests to cancel its runs, of each run that has unacknowledged ones
     * @param lostRuns its runs that another process has ended or adopted, although its lease lasts
     * @param deadOwners the other owners whose lease has expired and that have runs
     */
    record Updates(List<CancelRequests> cancelRequests, List<LostRun> lostRuns, List<String> deadOwners) {
        /** Nothing. */
        public static final Updates NONE = new Updates(List.of(), List.of(), List.of());

        public Updates {
            cancelRequests = List.copyOf(cancelRequests);
            lostRuns = List.copyOf(lostRuns);
            deadOwners = List.copyOf(deadOwners);
        }
    }

    /**
     * The requests to cancel a run.
     *
     * @param requests all of them in their order, including those that were acknowledged before
     */
    record CancelRequests(String runId, List<CancelRequest> requests) {
        public CancelRequests {
            requests = List.copyOf(requests);
        }
    }

    /**
     * A run that another process has ended or adopted.
     *
     * @param epoch the run's epoch since then
     */
    record LostRun(String runId, long epoch) {}

    /**
     * The answer to a request to cancel a run.
     *
     * @param run the run as it is now
     * @param outcome as in {@link dev.rein.run.CancelResult}
     * @param acknowledged whether nothing more is needed; otherwise its owner has yet to acknowledge the request
     */
    record CancelReceipt(StoredRun run, Outcome outcome, boolean acknowledged) {}
}
