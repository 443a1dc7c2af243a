package dev.rein.session;

import dev.rein.run.RunStatus;
import dev.rein.run.event.RunEvent;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

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

    /**
     * Inserts several runs that are about to start. A store should use one transaction for all: if this throws, each run is
     * inserted separately.
     *
     * @return the results of {@link #insert(StoredRun)}, in the same order
     */
    default List<Boolean> insert(List<StoredRun> runs) {
        return runs.stream().map(this::insert).toList();
    }

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
     * state by key. A run without a row, such as one whose session was deleted, is not stored.
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
        if (finished.stored() && finished.run().equals(run)) {
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

    /**
     * Returns the stored events of a tree of runs after an index, in their order. They are read in pages as the iteration
     * proceeds, so that any number of events takes the memory of one page; an iterator is not thread-safe.
     *
     * @param rootRunId the id of the run at the top of the tree
     * @param afterIndex only events after this index; -1 for all
     */
    default Iterable<RunEvent> allEvents(String rootRunId, long afterIndex) {
        var page = 1_000;
        return () -> Stream.iterate(
                        events(rootRunId, afterIndex, page),
                        events -> !events.isEmpty(),
                        events -> events.size() < page
                                ? List.of()
                                : events(rootRunId, events.getLast().index(), page))
                .flatMap(List::stream)
                .iterator();
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
     * Returns a page of previews of the runs of a session; empty if the session does not exist. A store should read only the
     * necessary columns, and of their texts only the beginnings.
     *
     * @param mostText the maximum length of each text, in code points, at least 0
     */
    default Page<RunPreview> previews(RunQuery query, int mostText) {
        var page = runs(query);
        return new Page<>(
                page.items().stream().map(run -> RunPreview.of(run, mostText)).toList(),
                page.page(),
                page.limit(),
                page.total());
    }

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
     * Copies a session with its ended runs to a new session. The copied runs have new ids, the copied session's times are
     * now; events are not copied. A store should use one transaction.
     *
     * @param newSessionId the id of the copy
     * @return the copy; empty if the session does not exist
     * @throws IllegalArgumentException if there is a session with the id of the copy
     */
    default Optional<Session> fork(String sessionId, String newSessionId) {
        var fork = session(sessionId).map(session -> session.forked(newSessionId, Instant.now()));
        if (fork.isPresent() && !create(fork.get())) {
            throw new IllegalArgumentException("session id \"" + newSessionId + "\" is used: choose another one");
        }
        try {
            fork.ifPresent(_ -> copyRuns(sessionId, newSessionId));
        } catch (RuntimeException e) {
            delete(List.of(newSessionId));
            throw e;
        }
        return fork;
    }

    /** Live runs, and those below them, are not part of the history yet. */
    private void copyRuns(String sessionId, String newSessionId) {
        var copies = new HashMap<String, String>();
        for (var run : runs(RunQuery.of(sessionId).children(true)).items()) {
            var parent = run.parentRunId();
            if (run.status().isTerminal() && (parent == null || copies.containsKey(parent))) {
                var id = UUID.randomUUID().toString();
                copies.put(run.runId(), id);
                insert(run.toBuilder()
                        .runId(id)
                        .parentRunId(parent == null ? null : copies.get(parent))
                        .rootRunId(copies.getOrDefault(run.rootRunId(), id))
                        .sessionId(newSessionId)
                        .pause(null)
                        .owner(null)
                        .epoch(0)
                        .forkedFrom(run.runId())
                        .build());
            }
        }
    }

    /**
     * Deletes sessions with all their runs and events. A run that is live meanwhile is not stored any more, and neither are
     * new runs below it; a {@link SharedStore} has its owner cancel it.
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
     * @param run the stored run, which differs from the given one if another process ended the run first; the given one if
     *     nothing is stored
     * @param conflicts the keys of the session state that another run changed in the meantime; the values of this run
     *     were stored
     * @param stored false if the run has no row, because its session was deleted
     */
    record Finished(StoredRun run, List<String> conflicts, boolean stored) {
        public Finished {
            conflicts = List.copyOf(conflicts);
        }

        public Finished(StoredRun run, List<String> conflicts) {
            this(run, conflicts, true);
        }

        /** Returns the result for a run without a row. */
        public static Finished notStored(StoredRun run) {
            return new Finished(run, List.of(), false);
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
