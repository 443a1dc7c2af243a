package dev.rein.store;

import dev.rein.cancel.CancelRequest;
import dev.rein.run.RunStatus;
import dev.rein.run.event.RunEvent;
import dev.rein.session.MemoryQuery;
import dev.rein.session.MemoryStore;
import dev.rein.session.Page;
import dev.rein.session.RunHistory;
import dev.rein.session.RunQuery;
import dev.rein.session.Session;
import dev.rein.session.SessionEdit;
import dev.rein.session.SessionOverview;
import dev.rein.session.SessionQuery;
import dev.rein.session.SharedStore;
import dev.rein.session.StateChange;
import dev.rein.session.StateMerge;
import dev.rein.session.StoredRun;
import dev.rein.session.UserMemory;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sessions, runs and memories in a database. Thread-safe. One store for the whole process is enough; close it after the last run.
 *
 * <p>The database is used by a few platform threads of the store's own, so calling it from a virtual thread holds up nobody
 * else. An interrupt ends a caller's wait, with a {@link StoreException}; a write that had begun is done all the same.
 *
 * <p>Every method throws {@link StoreException} when the database does not do what it should, and
 * {@link IllegalArgumentException} for values that it can't hold: ids of more than 500 characters or with a NUL character in
 * them, and metadata that JSON has no form for. What JSON has no form for in the data of an event is stored as the text that
 * it calls itself.
 */
public final class JdbcSessionStore implements SharedStore, MemoryStore, RunHistory {
    /** How long a process may be silent before others take it for dead, unless another lease is given: 10 s. */
    public static final Duration DEFAULT_LEASE = Duration.ofSeconds(10);

    private static final Pattern NAMED_USER = Pattern.compile("^jdbc:postgresql://[^/?]*@");

    private static final Duration SHORTEST_LEASE = Duration.ofMillis(200);

    private static final Logger log = LoggerFactory.getLogger(JdbcSessionStore.class);

    private final Database database;
    private final Dialect dialect;
    private final RunTable runs = new RunTable();
    private final EventTable events = new EventTable();
    private final SessionTable sessions;
    private final MemoryTable memories = new MemoryTable();
    private final RunHistoryQuery past = new RunHistoryQuery();
    private final SessionOverviewQuery overviews = new SessionOverviewQuery();
    private final Duration lease;
    private final LeaseTable leases;
    private final RunCancellation cancellation;
    private final RunOwnership ownership;
    private final @Nullable DataSource notifications;
    private final List<PostgresNotifications> listeners = new CopyOnWriteArrayList<>();

    private JdbcSessionStore(Database database, Dialect dialect, Duration lease, @Nullable DataSource notifications) {
        this.database = database;
        this.dialect = dialect;
        this.sessions = new SessionTable(dialect);
        this.lease = lease;
        this.leases = new LeaseTable(dialect, lease.toMillis());
        this.cancellation = new RunCancellation(dialect, leases, runs, events);
        this.ownership = new RunOwnership(dialect, leases, runs, cancellation);
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
     * The same with another lease.
     *
     * @param lease how long a process may be silent before others take it for dead; the same for all that share the file
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
     * @param user empty for the one that the URL names, as in {@code ?user=rein&password=secret}
     * @param password empty for that of the URL, or none
     * @throws StoreException if the database does not answer within seconds, or refuses
     */
    public static JdbcSessionStore postgres(String url, String user, String password) {
        return postgres(url, user, password, DEFAULT_LEASE);
    }

    /**
     * The same with another lease.
     *
     * @param lease how long a process may be silent before others take it for dead; the same for all that share the database
     */
    public static JdbcSessionStore postgres(String url, String user, String password, Duration lease) {
        checkLease(lease);
        if (!url.startsWith("jdbc:postgresql:")) {
            throw new IllegalArgumentException(
                    "the url begins with \"" + url.substring(0, Math.max(0, url.indexOf(':')))
                            + "\": write jdbc:postgresql://host:5432/database");
        }
        if (NAMED_USER.matcher(url).find()) {
            // Without the URL: it has a password.
            throw new IllegalArgumentException("the url has a user before its host: write"
                + " jdbc:postgresql://host:5432/database, and give the user and the password apart, or at the end as"
                + " ?user=..&password=..");
        }
        return new JdbcSessionStore(
                Database.postgres(url, user, password),
                Dialect.POSTGRES,
                lease,
                Database.notifications(url, user, password));
    }

    private static void checkLease(Duration lease) {
        if (lease.compareTo(SHORTEST_LEASE) < 0) {
            throw new IllegalArgumentException("the lease is " + lease + ": give at least " + SHORTEST_LEASE.toMillis()
                    + " ms, and more than a process may pause to collect garbage");
        }
    }

    @Override
    public boolean insert(StoredRun run) {
        return database.write(handle -> insert(handle, run));
    }

    private boolean insert(Handle handle, StoredRun run) {
        sessions.ensure(handle, run);
        return runs.insert(handle, run);
    }

    @Override
    public void update(StoredRun run) {
        database.write(handle -> runs.updateLive(handle, run));
    }

    @Override
    public void save(List<StoredRun> changed, List<RunEvent> more) {
        database.write(handle -> {
            events.append(handle, more);
            runs.updateLive(handle, changed);
            return true;
        });
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

    /** In the order of their sessions, as everybody else does it who locks more than one. */
    @Override
    public List<Finished> finish(List<End> ends) {
        var order = IntStream.range(0, ends.size())
                .boxed()
                .sorted(Comparator.comparing(
                        i -> Objects.requireNonNullElse(ends.get(i).run().sessionId(), "")))
                .toList();
        var sorted = order.stream().map(ends::get).toList();
        var changeNoSession = sorted.stream()
                .allMatch(end -> end.changes().isEmpty() && end.run().sessionId() != null);
        return database.write(handle -> {
            var done = changeNoSession ? finishQuickly(handle, sorted) : new Finished[sorted.size()];
            var finished = new Finished[sorted.size()];
            for (var i = 0; i < finished.length; i++) {
                finished[order.get(i)] = done[i] == null ? finish(handle, sorted.get(i)) : done[i];
            }
            return List.of(finished);
        });
    }

    /**
     * Of runs that leave their sessions as they are, in the order of these. Of those of one session the last speaks for all:
     * where that is live, the session is noted and locked once.
     *
     * @return for each; null for one that needs a closer look, such as one that is not live there
     */
    private @Nullable Finished[] finishQuickly(Handle handle, List<End> ends) {
        var speakers = IntStream.range(0, ends.size())
                .filter(i -> i + 1 == ends.size() || !sessionOf(ends.get(i)).equals(sessionOf(ends.get(i + 1))))
                .mapToObj(i -> ends.get(i).run())
                .toList();
        var live = sessions.touch(handle, speakers);
        var noted = IntStream.range(0, live.length)
                .filter(i -> live[i])
                .mapToObj(i -> speakers.get(i).sessionId())
                .collect(Collectors.toSet());
        var left = IntStream.range(0, ends.size())
                .filter(i -> noted.contains(sessionOf(ends.get(i))))
                .boxed()
                .toList();
        var isMine = runs.updateLive(
                handle, left.stream().map(i -> ends.get(i).run()).toList());
        var finished = new @Nullable Finished[ends.size()];
        var last = new ArrayList<RunEvent>();
        for (var i = 0; i < isMine.length; i++) {
            if (isMine[i]) {
                var end = ends.get(left.get(i));
                last.addAll(end.events());
                finished[left.get(i)] = new Finished(end.run(), List.of());
            }
        }
        events.append(handle, last);
        return finished;
    }

    private static String sessionOf(End end) {
        return Objects.requireNonNull(end.run().sessionId());
    }

    /** The session is locked first, by everybody who changes both: else two could wait for each other. */
    private Finished finish(Handle handle, End end) {
        var run = end.run();
        var sessionId = run.sessionId();
        var before = sessionId == null ? Optional.<Session>empty() : sessions.lock(handle, sessionId);
        // The last look is for one whose start came in after the first.
        var isMine = runs.updateLive(handle, run) || insert(handle, run) || runs.updateLive(handle, run);
        if (!isMine) {
            return others(handle, run);
        }
        events.append(handle, end.events());
        var session = sessionId == null || before.isPresent() ? before : sessions.lock(handle, sessionId);
        if (session.isEmpty()) {
            return new Finished(run, List.of());
        }
        var merged = StateMerge.of(session.get().state(), asStored(run, end.changes()));
        var changedAt = Objects.requireNonNullElse(run.endedAt(), session.get().updatedAt());
        sessions.update(handle, session.get().state(merged.state(), changedAt));
        return new Finished(run, merged.conflicts());
    }

    /** The end that another process has given it. */
    private Finished others(Handle handle, StoredRun run) {
        return new Finished(runs.find(handle, run.runId()).orElse(run), List.of());
    }

    /** As they will be read: a 2L comes back as a 2, and must not be a conflict for that. */
    private static List<StateChange> asStored(StoredRun run, List<StateChange> changes) {
        var stored = new ArrayList<StateChange>();
        for (var change : changes) {
            try {
                stored.add(new StateChange(
                        change.key(), asStored(change.key(), change.before()), asStored(change.key(), change.after())));
            } catch (IllegalArgumentException e) {
                log.warn("run {} has left session state \"{}\" that is not stored", run.runId(), change.key(), e);
            }
        }
        return stored;
    }

    private static @Nullable Object asStored(String key, @Nullable Object value) {
        // In a map, so that it is as deep as it will be.
        return value == null
                ? null
                : JsonCodec.readMap(JsonCodec.json(Map.of(key, value))).get(key);
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
        return database.write(handle -> {
            sessionIds.forEach(id -> events.delete(handle, ColumnText.id("session id", id)));
            return sessions.delete(handle, sessionIds);
        });
    }

    // ---- among other processes

    @Override
    public Duration lease() {
        return lease;
    }

    @Override
    public void register(String owner) {
        database.write(handle -> {
            leases.register(handle, owner);
            return true;
        });
    }

    @Override
    public boolean renew(String owner) {
        return database.write(handle -> leases.renew(handle, owner));
    }

    @Override
    public void deregister(String owner) {
        database.write(handle -> {
            leases.deregister(handle, owner);
            return true;
        });
    }

    @Override
    public Updates poll(@Nullable String owner) {
        return database.read(handle -> ownership.poll(handle, owner));
    }

    @Override
    public void acknowledge(String owner, Updates seen) {
        database.write(handle -> {
            ownership.acknowledge(handle, owner, seen);
            return true;
        });
    }

    @Override
    public boolean isAcknowledged(String runId) {
        return database.read(handle -> cancellation.isAcknowledged(handle, runId));
    }

    @Override
    public List<StoredRun> endRunsOf(String owner) {
        return database.write(handle -> ownership.endRunsOf(handle, owner));
    }

    @Override
    public List<String> release(String owner, Collection<String> rootRunIds) {
        return database.write(handle -> ownership.release(handle, owner, rootRunIds));
    }

    @Override
    public Optional<CancelReceipt> requestCancel(String runId, CancelRequest request) {
        // An unknown id is the usual case, and must not wait for a writer.
        if (dialect.singleWriter && run(runId).isEmpty()) {
            return Optional.empty();
        }
        return database.write(handle -> cancellation.request(handle, runId, request));
    }

    @Override
    public Optional<StoredRun> adopt(String runId, long epoch, String owner) {
        return database.write(handle -> ownership.adopt(handle, runId, epoch, owner));
    }

    @Override
    public AutoCloseable listen(Consumer<String> listener) {
        if (notifications == null) {
            return () -> {};
        }
        var listening = new PostgresNotifications(notifications, listener);
        listeners.add(listening);
        return () -> {
            listeners.remove(listening);
            listening.close();
        };
    }

    @Override
    public boolean isClosed() {
        return database.isClosed();
    }

    @Override
    public void put(UserMemory memory) {
        database.write(handle -> memories.put(handle, memory));
    }

    @Override
    public Optional<UserMemory> memory(String memoryId) {
        return database.read(handle -> memories.find(handle, memoryId));
    }

    @Override
    public Page<UserMemory> memories(MemoryQuery query) {
        return database.read(handle -> memories.page(handle, query));
    }

    @Override
    public int deleteMemories(Collection<String> memoryIds, @Nullable String userId) {
        return database.write(handle -> memories.delete(handle, memoryIds, userId));
    }

    @Override
    public List<String> memoryTopics(@Nullable String userId) {
        return database.read(handle -> memories.topics(handle, userId));
    }

    @Override
    public Page<UserSummary> memoriesByUser(@Nullable String userId, int page, int limit) {
        return database.read(handle -> memories.byUser(handle, userId, page, limit));
    }

    @Override
    public void forEachRun(Instant from, Instant until, @Nullable String userId, Consumer<Entry> reader) {
        database.read(handle -> past.each(handle, from, until, userId, reader));
    }

    /** Finishes what it was asked for, for at most some seconds, and closes the database. */
    @Override
    public void close() {
        listeners.forEach(PostgresNotifications::close);
        database.close();
    }
}
