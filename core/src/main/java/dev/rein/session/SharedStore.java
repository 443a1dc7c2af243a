package dev.rein.session;

import dev.rein.cancel.CancelRequest;
import dev.rein.run.CancelResult.Outcome;
import dev.rein.run.ComponentKind;
import dev.rein.run.RunStatus;
import dev.rein.run.event.RunEvent;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
     * Whether the store keeps the turns of sessions, so that {@link SessionPolicy#QUEUE} and {@link SessionPolicy#REJECT} hold
     * for all processes that share it. A store that does not: they hold within each process, and a warning says so once.
     */
    default boolean keepsTurns() {
        return false;
    }

    /**
     * Inserts a new run at the top of its tree that takes part in the turns of its session. All runs that enter a session are
     * put in one order, across all processes.
     *
     * <p>A run is in the way of another one of its session if it is at the top of its tree, has not ended, and is neither paused
     * nor owned by a process whose lease has expired. With {@link SessionPolicy#QUEUE} the run has the turn unless one that
     * entered before is in its way. With {@link SessionPolicy#REJECT} nothing is inserted while any run is in its way, or is
     * paused.
     *
     * @param run the run, with a session and an owner
     * @param policy QUEUE or REJECT
     * @throws UnsupportedOperationException if the store does not {@linkplain #keepsTurns() keep turns}
     */
    default SessionEntry enter(StoredRun run, SessionPolicy policy) {
        throw new UnsupportedOperationException(
                getClass().getName()
                        + " does not keep the turns of sessions: override keepsTurns(), enter() and turns(), or use another store");
    }

    /**
     * Returns the ids of the runs of an owner that entered with {@link SessionPolicy#QUEUE}, have not begun to work, and now
     * have the turn of their session.
     */
    default List<String> turns(String owner) {
        return List.of();
    }

    /**
     * Returns runs that have not ended, of all processes, oldest first. Each has what identifies it, its status and its owner;
     * input, text, messages and all else that may be large is left out.
     *
     * @return at most as many as the query says; none if the store can't tell
     */
    default List<StoredRun> live(LiveQuery query) {
        return List.of();
    }

    /** Returns the status of each of these runs that is stored, without reading the rest of it. */
    default Map<String, RunStatus> statuses(Collection<String> runIds) {
        var statuses = new HashMap<String, RunStatus>();
        runIds.forEach(id -> run(id).ifPresent(run -> statuses.put(id, run.status())));
        return statuses;
    }

    /**
     * Asks the owner of a tree of runs to {@link #publish} its events, for at least some time from now on; the owner is notified.
     * To be repeated for as long as somebody follows the tree.
     *
     * @param rootRunId the run at the top of the tree
     * @return false if there is no such run, or the store passes no events on
     */
    default boolean follow(String rootRunId, Duration atLeast) {
        return false;
    }

    /** Returns the runs of an owner that somebody {@linkplain #follow follows}: the ids of the runs at the top of the trees. */
    default List<String> followed(String owner) {
        return List.of();
    }

    /**
     * Passes events of a tree on to those who follow it. Events that are not later than those passed on before are ignored, as are
     * those of a tree that nobody follows. They are not {@linkplain SessionStore#events stored} for good.
     */
    default void publish(String rootRunId, List<RunEvent> events) {}

    /**
     * Returns published events of a tree, in their order.
     *
     * @param afterIndex the index after which they come; -1 for all
     * @param most the maximum number of events; the answer may be shorter although there are more
     */
    default List<RunEvent> published(String rootRunId, long afterIndex, int most) {
        return List.of();
    }

    /**
     * Notifies {@code listener}, with the id of an owner, when {@link #poll} or {@link #turns} may have news for it. A store may
     * do nothing, and may lose notifications: listeners poll now and then in any case.
     *
     * @return stops the notifications
     */
    default AutoCloseable listen(Consumer<String> listener) {
        return () -> {};
    }

    /**
     * Selects runs that have not ended. A property that is null selects every run.
     *
     * @param source the kind of the component; null for any
     * @param componentId the id of the component; null for any
     * @param sessionId the id of the session; null for any
     * @param userId the id of the user; null for any
     * @param exceptOwner the owner whose runs are left out, so that they do not count; null for none
     * @param children whether to include runs that are part of others
     * @param most the maximum number of runs, from 1 to 10,000
     */
    record LiveQuery(
            @Nullable ComponentKind source,
            @Nullable String componentId,
            @Nullable String sessionId,
            @Nullable String userId,
            @Nullable String exceptOwner,
            boolean children,
            int most) {
        /** The largest value of {@code most}. */
        public static final int MOST = 10_000;

        public LiveQuery {
            if (most < 1 || most > MOST) {
                throw new IllegalArgumentException("most is " + most + ": give 1 to " + MOST);
            }
        }
    }

    /**
     * The answer to a run that {@linkplain #enter enters} a session.
     *
     * @param result what has become of it
     * @param other the id of the run that is in its way; null if there is none, or it is not known
     */
    record SessionEntry(Result result, @Nullable String other) {
        /** What has become of a run that enters a session. */
        public enum Result {
            /** It is stored, and has the turn. */
            HAS_TURN,
            /** It is stored, and waits for the turn. */
            WAITS,
            /** It is not stored: another run is live in the session. */
            BUSY,
            /** It is not stored: its id is used. */
            ID_USED
        }
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
