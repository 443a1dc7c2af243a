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
 * Where sessions and runs are kept. Implementations are thread-safe and may block: the kernel calls them from threads of its
 * own and never waits without a bound. Every method may throw; what could not be written is tried again, except after an
 * {@link IllegalArgumentException}, which says that the store can't hold that value.
 *
 * <p>The tests in the testkit's {@code SessionStoreContract} say what every store must do.
 */
public interface SessionStore extends AutoCloseable {

    /**
     * Stores a run that is about to start, and its session if that is new.
     *
     * @return false, without change, if a run of this id is stored already
     */
    boolean insert(StoredRun run);

    /** Stores where a run stands, unless it has ended there, has another epoch there, or was never inserted. */
    void update(StoredRun run);

    /**
     * Stores where runs stand, and what has happened in them. A store should do it at one go.
     *
     * @param events in the order of their index, of any number of trees of runs
     */
    default void save(List<StoredRun> runs, List<RunEvent> events) {
        append(events);
        runs.forEach(this::update);
    }

    /**
     * Adds events to those of their trees. One whose index is not above those that are stored already is left out, and so are
     * all of a tree whose root run is not stored. A store that keeps no events does nothing.
     *
     * @param events in the order of their index, of any number of trees of runs
     */
    default void append(List<RunEvent> events) {}

    /**
     * What was stored of the events of a tree of runs, in their order. Their indexes have gaps where the run's
     * {@link EventPolicy} leaves events out.
     *
     * @param rootRunId the run at the top of the tree
     * @param afterIndex only those behind it; -1 for all
     * @param most how many at most; at least 1
     */
    default List<RunEvent> events(String rootRunId, long afterIndex, int most) {
        return List.of();
    }

    /**
     * Stores the end of a run, if it has not ended there yet and has the same epoch there, and merges its changes into its
     * session's state by key. A run whose insert never arrived is stored whole.
     *
     * @return what is stored now
     */
    Finished finish(StoredRun run, List<StateChange> changes);

    /**
     * The same with the last of its events, which are left out if another has ended the run. A store should do it at one go.
     *
     * @param events in the order of their index
     */
    default Finished finish(StoredRun run, List<StateChange> changes, List<RunEvent> events) {
        var finished = finish(run, changes);
        if (finished.run().equals(run)) {
            append(events);
        }
        return finished;
    }

    /**
     * The same for several runs, as many may end at once. A store should do it at one go, all or none: if it throws, each is
     * tried again by itself.
     *
     * @return one for each, in their order
     */
    default List<Finished> finish(List<End> ends) {
        return ends.stream()
                .map(end -> finish(end.run(), end.changes(), end.events()))
                .toList();
    }

    /** A run by its id. */
    Optional<StoredRun> run(String runId);

    /** A session by its id. */
    Optional<Session> session(String sessionId);

    /** The root runs of a session, in the order of their start. */
    default List<StoredRun> runs(String sessionId) {
        return runs(RunQuery.of(sessionId)).items();
    }

    /**
     * What a list of sessions shows of their runs. A store should do it in one query, and read no more of a run than that.
     *
     * @return by session; those that have no run, or are not there, are left out
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
     * The latest root runs of a session that stand somewhere, in the order of their start: what a new run of it remembers. A
     * store should read no more than these.
     *
     * @param statuses where they stand
     * @param most how many at most; at least 1
     */
    default List<StoredRun> latest(String sessionId, Set<RunStatus> statuses, int most) {
        var query = RunQuery.of(sessionId).statuses(statuses).newestFirst(true).page(1, most);
        return runs(query).items().reversed();
    }

    /** A page of the runs of a session; empty when there is no such session. */
    Page<StoredRun> runs(RunQuery query);

    /**
     * Stores a session that has no run yet.
     *
     * @return false, without change, if a session of this id is stored already
     */
    boolean create(Session session);

    /** A page of the sessions that a query asks for. */
    Page<Session> sessions(SessionQuery query);

    /**
     * Changes a session.
     *
     * @return the session as it is now; empty if there is none of this id
     */
    Optional<Session> edit(String sessionId, SessionEdit edit);

    /**
     * Deletes sessions and all their runs, with their events. Cancel live ones before: the end of a run is stored whole when the run is gone, and
     * its session with it.
     *
     * @return how many sessions there were
     */
    int delete(Collection<String> sessionIds);

    /** Whether {@link #close} was called: nothing more is ever written. */
    default boolean isClosed() {
        return false;
    }

    @Override
    default void close() {}

    /**
     * What became of the end of a run.
     *
     * @param run the row as it stands: another one's, if that had ended the run first
     * @param conflicts keys that another run had changed meanwhile; the values of the later end were kept
     */
    record Finished(StoredRun run, List<String> conflicts) {
        public Finished {
            conflicts = List.copyOf(conflicts);
        }
    }

    /**
     * The end of a run.
     *
     * @param run the run as it ended
     * @param changes what it changed of its session's state
     * @param events the last of its events, in the order of their index
     */
    record End(StoredRun run, List<StateChange> changes, List<RunEvent> events) {
        public End {
            changes = List.copyOf(changes);
            events = List.copyOf(events);
        }
    }
}
