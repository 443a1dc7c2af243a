package dev.rein.session;

import dev.rein.run.RunStatus;
import dev.rein.run.event.RunEvent;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A store of sessions and runs. Implementations are thread-safe and may block: the kernel calls them on its own threads
 * and bounds every wait. Every method may throw. Failed writes are retried, except after an {@link
 * IllegalArgumentException}, which means that the store cannot hold a value.
 *
 * <p>The testkit's {@code SessionStoreContract} has the tests that every store must pass.
 */
public interface SessionStore extends AutoCloseable {

    /**
     * Inserts a run that is about to start, and its session if that is new.
     *
     * @return false, without a change, if a run with this id is stored already
     */
    boolean insert(StoredRun run);

    /** Updates a run, unless its row has ended, has another epoch or does not exist. */
    void update(StoredRun run);

    /**
     * Updates runs and appends events. A store should use one transaction.
     *
     * @param events events of any number of trees of runs, in the order of their indexes
     */
    default void save(List<StoredRun> runs, List<RunEvent> events) {
        append(events);
        runs.forEach(this::update);
    }

    /**
     * Appends events to those of their trees. Events whose index is not above the stored ones are ignored, and so are all
     * events of a tree whose root run is not stored. A store without events does nothing.
     *
     * @param events events of any number of trees of runs, in the order of their indexes
     */
    default void append(List<RunEvent> events) {}

    /**
     * Returns stored events of a tree of runs, in their order. The indexes have gaps where the {@link EventPolicy} of the
     * run omits events.
     *
     * @param rootRunId the id of the run at the top of the tree
     * @param afterIndex only events after this index; -1 for all
     * @param most the maximum number of events, at least 1
     */
    default List<RunEvent> events(String rootRunId, long afterIndex, int most) {
        return List.of();
    }

    /**
     * Stores the end of a run, if its row has not ended and has the same epoch, and merges the changes into the session
     * state by key. A run that was never inserted is inserted.
     *
     * @return the stored run
     */
    Finished finish(StoredRun run, List<StateChange> changes);

    /**
     * Stores the end of a run with its last events, which are ignored if the run was ended by another process. A store
     * should use one transaction.
     *
     * @param events the events in the order of their indexes
     */
    default Finished finish(StoredRun run, List<StateChange> changes, List<RunEvent> events) {
        var finished = finish(run, changes);
        if (finished.run().equals(run)) {
            append(events);
        }
        return finished;
    }

    /**
     * Stores the ends of several runs. A store should use one transaction for all: if this throws, each end is retried
     * separately.
     *
     * @return the results, in the same order
     */
    default List<Finished> finish(List<End> ends) {
        return ends.stream()
                .map(end -> finish(end.run(), end.changes(), end.events()))
                .toList();
    }

    /** Returns a run by its id. */
    Optional<StoredRun> run(String runId);

    /** Returns a session by its id. */
    Optional<Session> session(String sessionId);

    /** Returns the root runs of a session, in the order of their start. */
    default List<StoredRun> runs(String sessionId) {
        return runs(RunQuery.of(sessionId)).items();
    }

    /**
     * Returns summaries of the runs of sessions. A store should use one query and read only the necessary columns.
     *
     * @return the summaries by session id, without sessions that have no runs or do not exist
     */
    default Map<String, SessionOverview> overviews(Collection<String> sessionIds) {
        var all = new HashMap<String, SessionOverview>();
        for (var id : sessionIds) {
            var runs = runs(id);
            if (!runs.isEmpty()) {
                all.put(id, SessionOverview.of(runs));
            }
        }
        return all;
    }

    /**
     * Returns the latest root runs of a session with given statuses, in the order of their start, for the history of a
     * new run. A store should read only these runs.
     *
     * @param statuses the statuses to include
     * @param most the maximum number of runs, at least 1
     */
    default List<StoredRun> latest(String sessionId, Set<RunStatus> statuses, int most) {
        var query = RunQuery.of(sessionId).statuses(statuses).newestFirst(true).page(1, most);
        return runs(query).items().reversed();
    }

    /** Returns a page of the runs of a session; empty if the session does not exist. */
    Page<StoredRun> runs(RunQuery query);

    /**
     * Inserts a session without runs.
     *
     * @return false, without a change, if a session with this id is stored already
     */
    boolean create(Session session);

    /** Returns a page of the sessions that match a query. */
    Page<Session> sessions(SessionQuery query);

    /**
     * Changes a session.
     *
     * @return the changed session; empty if it does not exist
     */
    Optional<Session> edit(String sessionId, SessionEdit edit);

    /**
     * Deletes sessions with all their runs and events. Live runs should be cancelled before: the end of a deleted run
     * inserts the run and its session again.
     *
     * @return the number of deleted sessions
     */
    int delete(Collection<String> sessionIds);

    /** Whether {@link #close} was called, so that no further writes are possible. */
    default boolean isClosed() {
        return false;
    }

    @Override
    default void close() {}

    /**
     * The result of storing the end of a run.
     *
     * @param run the stored run, which differs from the given one if another process ended the run first
     * @param conflicts the keys of the session state that another run changed in the meantime; the values of this run
     *     were stored
     */
    record Finished(StoredRun run, List<String> conflicts) {
        public Finished {
            conflicts = List.copyOf(conflicts);
        }
    }

    /**
     * The end of a run.
     *
     * @param run the ended run
     * @param changes its changes of the session state
     * @param events its last events, in the order of their indexes
     */
    record End(StoredRun run, List<StateChange> changes, List<RunEvent> events) {
        public End {
            changes = List.copyOf(changes);
            events = List.copyOf(events);
        }
    }
}
