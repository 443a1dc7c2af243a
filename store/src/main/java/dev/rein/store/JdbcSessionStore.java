package dev.rein.store;

import dev.rein.cancel.CancelRequest;
import dev.rein.queue.PlaceQuery;
import dev.rein.queue.QueuePlace;
import dev.rein.queue.QueuedRun;
import dev.rein.queue.RunQueue;
import dev.rein.run.RunStatus;
import dev.rein.run.event.RunEvent;
import dev.rein.session.Page;
import dev.rein.session.RunPreview;
import dev.rein.session.RunQuery;
import dev.rein.session.Session;
import dev.rein.session.SessionEdit;
import dev.rein.session.SessionOverview;
import dev.rein.session.SessionPolicy;
import dev.rein.session.SessionQuery;
import dev.rein.session.StateChange;
import dev.rein.session.StoredRun;
import dev.rein.store.Database.Purpose;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Stores sessions, runs and memories in a database. Thread-safe. One store per process is enough; closing it ends the runs that are live.
 *
 * <p>The store accesses the database on a few platform threads of its own, so that callers on virtual threads never pin their
 * carrier. An interrupt ends the wait of a caller with a {@link StoreException}; a write that had begun is completed all the same.
 *
 * <p>Every method throws {@link StoreException} when the database fails or refuses, and {@link IllegalArgumentException} for values
 * that a database can't hold: ids of more than 500 characters or with a NUL character, and metadata that can't be represented as
 * JSON. Values in the data of an event that can't be represented as JSON are stored as their {@code toString()}.
 */
public final class JdbcSessionStore extends StoredMemories implements RunQueue {
    /** The default lease, which is how long a process may be silent before others consider it dead: 10 s. */
    public static final Duration DEFAULT_LEASE = Duration.ofSeconds(10);

    private static final Duration SHORTEST_LEASE = Duration.ofMillis(200);

    private final Dialect dialect;
    private final RunTable runs = new RunTable();
    private final EventTable events;
    private final SessionTable sessions;
    private final RunForks forks = new RunForks();
    private final RunPreviewQuery previews = new RunPreviewQuery();
    private final SessionOverviewQuery overviews = new SessionOverviewQuery();
    private final Duration lease;
    private final LeaseTable leases;
    private final RunCancellation cancellation;
    private final RunOwnership ownership;
    private final LiveRunQuery liveRuns = new LiveRunQuery();
    private final LiveEventTable liveEvents;
    private final TurnTable turns;
    private final RunEnds runEnds;
    private final QueueTable queue;

    /** Those who are told at once what this store does, where the database notifies nobody. */
    private final List<Consumer<String>> ownListeners = new CopyOnWriteArrayList<>();

    private final @Nullable DataSource notifications;
    private final List<PostgresNotifications> listeners = new CopyOnWriteArrayList<>();
    private final Queue<Runnable> beforeClose = new ConcurrentLinkedQueue<>();
    private final SharedClose closing = new SharedClose(this::closeNow);

    JdbcSessionStore(Database database, Dialect dialect, Duration lease, @Nullable DataSource notifications) {
        super(database);
        this.dialect = dialect;
        this.events = new EventTable(dialect);
        this.queue = new QueueTable(dialect, runs);
        this.sessions = new SessionTable(dialect);
        this.lease = lease;
        this.leases = new LeaseTable(dialect, lease.toMillis());
        this.cancellation = new RunCancellation(dialect, leases, runs, events, queue);
        this.ownership = new RunOwnership(dialect, leases, runs, cancellation, queue);
        this.liveEvents = new LiveEventTable(dialect);
        this.turns = new TurnTable(dialect, sessions, runs);
        this.runEnds = new RunEnds(sessions, runs, events, queue, cancellation);
        this.notifications = notifications;
    }

    /** A store in the file {@code rein.db} of the working directory. */
    public static JdbcSessionStore sqlite() {
        return sqlite(Path.of("rein.db"));
    }

    /**
     * A store in an SQLite file, which is created when it is missing. Several processes of one machine may share it.
     *
     * @throws StoreException if the file can't be used
     */
    public static JdbcSessionStore sqlite(Path file) {
        return sqlite(file, DEFAULT_LEASE);
    }

    /**
     * A store in an SQLite file, with another lease than the default.
     *
     * @param lease how long a process may be silent before others consider it dead; the same for all that share the file
     */
    public static JdbcSessionStore sqlite(Path file, Duration lease) {
        checkLease(lease);
        return new JdbcSessionStore(Database.sqlite(new SqliteFile(file)), Dialect.SQLITE, lease, null);
    }

    /**
     * A store in a PostgreSQL database, which must exist; its tables are created in the user's default schema. Any number of
     * processes may share it.
     *
     * @param url such as {@code jdbc:postgresql://localhost/rein}
     * @param user the user; empty if the URL has it, as in {@code ?user=rein&password=secret}
     * @param password the password; empty if the URL has it, or if there is none
     * @throws StoreException if the database refuses, or does not answer within five seconds
     */
    public static JdbcSessionStore postgres(String url, String user, String password) {
        return postgres(url, user, password, DEFAULT_LEASE);
    }

    /**
     * A store in a PostgreSQL database, with another lease than the default.
     *
     * @param lease how long a process may be silent before others consider it dead; the same for all that share the database
     */
    public static JdbcSessionStore postgres(String url, String user, String password, Duration lease) {
        checkLease(lease);
        return new JdbcSessionStore(
                Database.postgres(url, user, password),
                Dialect.POSTGRES,
                lease,
                Database.notifications(url, user, password));
    }

    /**
     * A store in the database of an application, with the defaults of {@link #builder}.
     *
     * @param source the application's source of connections, which the store does not close
     * @throws StoreException if the database can't be used
     */
    public static JdbcSessionStore of(DataSource source) {
        return builder(source).build();
    }

    /**
     * Builds a store in the database of an application: a PostgreSQL database, or an SQLite file.
     *
     * @param source the application's source of connections, which the store does not close
     */
    public static JdbcSessionStoreBuilder builder(DataSource source) {
        return new JdbcSessionStoreBuilder(source);
    }

    static void checkLease(Duration lease) {
        if (lease.compareTo(SHORTEST_LEASE) < 0) {
            throw new IllegalArgumentException("the lease is " + lease + ": give at least " + SHORTEST_LEASE.toMillis()
                    + " ms, and more than a process may pause to collect garbage");
        }
    }

    @Override
    public boolean insert(StoredRun run) {
        return database.write(handle -> insert(handle, run));
    }

    @Override
    public List<Boolean> insert(List<StoredRun> starting) {
        return database.write(
                handle -> starting.stream().map(run -> insert(handle, run)).toList());
    }

    private boolean insert(Handle handle, StoredRun run) {
        if (run.parentRunId() != null
                && (cancellation.isDeleted(handle, run.rootRunId()) || queue.isLost(handle, run))) {
            return false;
        }
        sessions.ensure(handle, run);
        return runs.insert(handle, run);
    }

    @Override
    public void update(StoredRun run) {
        save(List.of(run), List.of());
    }

    @Override
    public void save(List<StoredRun> changed, List<RunEvent> more) {
        var paused =
                changed.stream().filter(run -> run.status() == RunStatus.PAUSED).toList();
        tell(database.write(handle -> {
            runEnds.save(handle, changed, more);
            return notifyWaiting(handle, paused);
        }));
    }

    /** Others may have the turn of the sessions of runs that do not work any more. */
    private List<String> notifyWaiting(Handle handle, List<StoredRun> over) {
        return turns.notifyWaiting(
                handle,
                over.stream()
                        .filter(run -> run.parentRunId() == null)
                        .map(StoredRun::sessionId)
                        .filter(Objects::nonNull)
                        .collect(Collectors.toSet()));
    }

    private void tell(List<String> owners) {
        owners.forEach(owner -> ownListeners.forEach(listener -> listener.accept(owner)));
    }

    @Override
    public void append(List<RunEvent> more) {
        save(List.of(), more);
    }

    @Override
    public List<RunEvent> events(String rootRunId, long afterIndex, int most) {
        return database.read(handle -> events.list(handle, rootRunId, afterIndex, most));
    }

    @Override
    public Finished finish(StoredRun run, List<StateChange> changes) {
        return finish(run, changes, List.of());
    }

    @Override
    public Finished finish(StoredRun run, List<StateChange> changes, List<RunEvent> last) {
        return finish(List.of(new End(run, changes, last))).getFirst();
    }

    @Override
    public List<Finished> finish(List<End> ends) {
        var owners = new ArrayList<String>();
        var finished = database.write(handle -> {
            var done = runEnds.finish(handle, ends);
            owners.addAll(notifyWaiting(handle, ends.stream().map(End::run).toList()));
            if (done.stream().anyMatch(each -> each.run().status() == RunStatus.PENDING)) {
                owners.add(notifyWorkers(handle));
            }
            return done;
        });
        tell(owners);
        return finished;
    }

    @Override
    public Optional<StoredRun> run(String runId) {
        return database.read(handle -> runs.find(handle, runId));
    }

    @Override
    public Page<StoredRun> runs(RunQuery query) {
        return database.read(handle -> runs.page(handle, query));
    }

    @Override
    public Page<RunPreview> previews(RunQuery query, int mostText) {
        return database.read(handle -> previews.page(handle, query, mostText));
    }

    @Override
    public Map<String, SessionOverview> overviews(Collection<String> sessionIds) {
        return sessionIds.isEmpty() ? Map.of() : database.read(handle -> overviews.of(handle, sessionIds));
    }

    @Override
    public List<StoredRun> latest(String sessionId, Set<RunStatus> statuses, int most) {
        var query = RunQuery.of(sessionId).statuses(statuses).newestFirst(true).page(1, most);
        return database.read(handle -> runs.list(handle, query)).reversed();
    }

    @Override
    public boolean create(Session session) {
        return database.write(handle -> sessions.insert(handle, session));
    }

    @Override
    public Optional<Session> session(String sessionId) {
        return database.read(handle -> sessions.find(handle, sessionId));
    }

    @Override
    public Page<Session> sessions(SessionQuery query) {
        return database.read(handle -> sessions.page(handle, query));
    }

    @Override
    public Optional<Session> edit(String sessionId, SessionEdit edit) {
        return database.write(handle -> sessions.edit(handle, sessionId, edit));
    }

    @Override
    public int delete(Collection<String> sessionIds) {
        // In the order of their ids, as all code does that locks more than one.
        var ids = sessionIds.stream()
                .map(id -> ColumnText.id("session id", id))
                .distinct()
                .sorted()
                .toList();
        return database.write(
                handle -> (int) ids.stream().filter(id -> delete(handle, id)).count());
    }

    /** The lock keeps runs from starting and ending in the session. A batch of events waits until its run is deleted. */
    private boolean delete(Handle handle, String sessionId) {
        if (!sessions.lockToDelete(handle, sessionId)) {
            return false;
        }
        cancellation.cancelDeleted(handle, sessionId);
        var roots = runs.rootsOf(handle, sessionId);
        sessions.delete(handle, sessionId);
        events.delete(handle, roots);
        liveEvents.delete(handle, roots);
        leases.forgetRuns(handle, roots);
        return true;
    }

    @Override
    public Optional<Session> fork(String sessionId, String newSessionId) {
        return database.write(handle -> sessions.lock(handle, sessionId).map(session -> {
            var fork = session.forked(newSessionId, Instant.now());
            if (!sessions.insert(handle, fork)) {
                throw new IllegalArgumentException("session id \"" + newSessionId + "\" is used: choose another one");
            }
            forks.copyRuns(handle, sessionId, newSessionId);
            return fork;
        }));
    }

    // ---- shared with other processes

    @Override
    public Duration lease() {
        return lease;
    }

    @Override
    public void register(String owner) {
        database.write(Purpose.LEASE, handle -> {
            leases.register(handle, owner);
            return true;
        });
    }

    @Override
    public boolean renew(String owner) {
        return database.write(Purpose.LEASE, handle -> leases.renew(handle, owner));
    }

    @Override
    public void deregister(String owner) {
        database.write(Purpose.LEASE, handle -> {
            leases.deregister(handle, owner);
            return true;
        });
    }

    @Override
    public Updates poll(@Nullable String owner) {
        return database.read(Purpose.LEASE, handle -> ownership.poll(handle, owner));
    }

    @Override
    public void acknowledge(String owner, Updates seen) {
        database.write(Purpose.STOP, handle -> {
            ownership.acknowledge(handle, owner, seen);
            return true;
        });
    }

    @Override
    public boolean isAcknowledged(String runId) {
        return database.read(Purpose.STOP, handle -> cancellation.isAcknowledged(handle, runId));
    }

    @Override
    public List<StoredRun> endRunsOf(String owner) {
        var owners = new ArrayList<String>();
        var ended = database.write(Purpose.STOP, handle -> {
            var runsOfOwner = ownership.endRunsOf(handle, owner);
            owners.addAll(notifyWaiting(handle, runsOfOwner));
            owners.add(notifyWorkers(handle));
            return runsOfOwner;
        });
        tell(owners);
        return ended;
    }

    @Override
    public Enqueued enqueue(StoredRun run, QueuedRun place, SessionPolicy policy, int maxQueued) {
        var answer = database.write(handle -> {
            var entered = turns.enqueue(handle, queue, run, place, policy, maxQueued);
            if (entered.result() == Enqueued.Result.QUEUED) {
                notifyWorkers(handle);
            }
            return entered;
        });
        tell(List.of(NEWS));
        return answer;
    }

    /** @return what is to be told to {@link #ownListeners} */
    private String notifyWorkers(Handle handle) {
        cancellation.notify(handle, NEWS);
        return NEWS;
    }

    @Override
    public List<Claim> claim(String owner, Collection<Claimable> components, int most) {
        return database.write(
                handle -> leases.lasts(handle, owner) ? queue.claim(handle, owner, components, most) : List.of());
    }

    @Override
    public boolean unclaim(Claim claim, long delayMillis) {
        var isQueued = database.write(handle -> {
            var isMine = queue.unclaim(handle, claim, delayMillis);
            if (isMine) {
                cancellation.endIfAsked(handle, claim.run().runId());
            }
            notifyWorkers(handle);
            return isMine;
        });
        tell(List.of(NEWS));
        return isQueued;
    }

    @Override
    public boolean checkpoint(StoredRun run) {
        return database.write(handle -> runs.updateLive(handle, run));
    }

    @Override
    public List<Claim> claims(String owner) {
        return database.read(handle -> queue.claims(handle, owner));
    }

    @Override
    public Optional<QueuedRun> queued(String runId) {
        return database.read(handle -> queue.find(handle, runId));
    }

    @Override
    public Page<QueuePlace> places(PlaceQuery query) {
        return database.read(handle -> queue.page(handle, query));
    }

    @Override
    public boolean keepsTurns() {
        return true;
    }

    @Override
    public SessionEntry enter(StoredRun run, SessionPolicy policy) {
        return database.write(handle -> turns.enter(handle, run, policy));
    }

    @Override
    public List<String> turns(String owner) {
        return database.read(handle -> turns.turns(handle, owner));
    }

    @Override
    public List<String> release(String owner, Collection<String> rootRunIds) {
        return database.write(handle -> ownership.release(handle, owner, rootRunIds));
    }

    @Override
    public Optional<CancelReceipt> requestCancel(String runId, CancelRequest request) {
        // Unknown ids are the usual case, and must not wait for the writer.
        if (dialect.singleWriter
                && database.read(Purpose.STOP, handle -> runs.find(handle, runId))
                        .isEmpty()) {
            return Optional.empty();
        }
        var owners = new ArrayList<String>();
        var receipt = database.write(Purpose.STOP, handle -> {
            var answer = cancellation.request(handle, runId, request);
            owners.addAll(notifyWaiting(
                    handle,
                    answer.map(CancelReceipt::run).filter(run -> run.status().isTerminal()).stream()
                            .toList()));
            return answer;
        });
        tell(owners);
        return receipt;
    }

    @Override
    public Optional<StoredRun> adopt(String runId, long epoch, String owner) {
        return database.write(handle -> ownership.adopt(handle, runId, epoch, owner));
    }

    @Override
    public List<StoredRun> live(LiveQuery query) {
        return database.read(handle -> liveRuns.list(handle, query));
    }

    @Override
    public Map<String, RunStatus> statuses(Collection<String> runIds) {
        return database.read(handle -> liveRuns.statuses(handle, runIds));
    }

    @Override
    public boolean follow(String rootRunId, Duration atLeast) {
        var owners = new ArrayList<String>();
        var isFollowed = database.write(Purpose.STOP, handle -> {
            owners.addAll(leases.notifyOwnerOf(handle, rootRunId));
            return liveEvents.follow(handle, rootRunId, atLeast);
        });
        tell(owners);
        return isFollowed;
    }

    @Override
    public List<String> followed(String owner) {
        return database.read(Purpose.LEASE, handle -> liveEvents.followed(handle, owner));
    }

    @Override
    public void publish(String rootRunId, List<RunEvent> published) {
        database.write(handle -> {
            liveEvents.publish(handle, rootRunId, published);
            return true;
        });
    }

    @Override
    public List<RunEvent> published(String rootRunId, long afterIndex, int most) {
        return database.read(handle -> liveEvents.list(handle, rootRunId, afterIndex, most));
    }

    @Override
    public AutoCloseable listen(Consumer<String> listener) {
        if (notifications == null) {
            ownListeners.add(listener);
            return () -> ownListeners.remove(listener);
        }
        var listening = new PostgresNotifications(notifications, listener, this::send);
        listeners.add(listening);
        return () -> {
            listeners.remove(listening);
            listening.close();
        };
    }

    private void send(String notification) {
        database.write(
                Purpose.STOP,
                handle -> handle.createQuery(Objects.requireNonNull(dialect.notifyOwner))
                        .bind("owner", notification)
                        .mapTo(Integer.class)
                        .list());
    }

    @Override
    public AutoCloseable beforeClose(Runnable action) {
        beforeClose.add(action);
        return () -> beforeClose.remove(action);
    }

    @Override
    public boolean isClosed() {
        return database.isClosed();
    }

    /**
     * Ends the live runs that this process stores here, with cause SHUTDOWN, and releases the paused ones, waiting 10 s at most. Then
     * completes pending calls, waiting some seconds at most, and closes the database. Calls that wait longer throw. Further calls
     * wait for the same end. All of this happens on a thread of its own: an interrupt neither ends it nor the wait for it, and stays
     * set. The wait is 15 s at most.
     */
    @Override
    public void close() {
        closing.close();
    }

    private void closeNow() {
        for (var action = beforeClose.poll(); action != null; action = beforeClose.poll()) {
            action.run();
        }
        listeners.forEach(PostgresNotifications::close);
        database.close();
    }
}
