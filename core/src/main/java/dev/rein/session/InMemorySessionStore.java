package dev.rein.session;

import dev.rein.run.event.RunEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A store without persistence, for tests, demos and conversations that need not outlive the process. Thread-safe. */
public final class InMemorySessionStore implements SessionStore, MemoryStore, RunHistory {
    /** The maximum number of deleted live runs that are remembered. */
    private static final int MOST_DELETED = 10_000;

    private final InMemoryMemoryStore memories = new InMemoryMemoryStore();
    private final Map<String, StoredRun> runs = new HashMap<>();
    private final Map<String, Session> sessions = new LinkedHashMap<>();
    /** The ids of the runs of each session, in the order of their start. */
    private final Map<String, List<String>> runsOfSession = new HashMap<>();
    /** Live runs whose session was deleted: no run below them is stored any more. */
    private final LinkedHashSet<String> deleted = new LinkedHashSet<>();
    /** By root run, in the order of their indexes. */
    private final Map<String, List<RunEvent>> events = new HashMap<>();

    @Override
    public synchronized boolean insert(StoredRun run) {
        if (run.parentRunId() != null && deleted.contains(run.rootRunId())) {
            return false;
        }
        var row = run.metadata().isEmpty()
                ? run
                : run.toBuilder().metadata(JsonState.copy(run.metadata())).build();
        if (runs.putIfAbsent(run.runId(), row) != null) {
            return false;
        }
        deleted.remove(run.runId());
        var sessionId = run.sessionId();
        if (sessionId != null) {
            sessions.computeIfAbsent(sessionId, id -> Session.of(id, run));
            runsOfSession.computeIfAbsent(sessionId, _ -> new ArrayList<>()).add(run.runId());
        }
        return true;
    }

    @Override
    public synchronized void update(StoredRun run) {
        runs.computeIfPresent(run.runId(), (_, row) -> isOpen(row, run) ? run : row);
    }

    private static boolean isOpen(StoredRun row, StoredRun change) {
        return !row.status().isTerminal() && row.epoch() == change.epoch();
    }

    @Override
    public synchronized void append(List<RunEvent> more) {
        for (var event : more) {
            var rootRunId = event.meta().origin().rootRunId();
            if (runs.containsKey(rootRunId)) {
                var stored = events.computeIfAbsent(rootRunId, _ -> new ArrayList<>());
                if (stored.isEmpty() || stored.getLast().index() < event.index()) {
                    stored.add(event);
                }
            }
        }
    }

    @Override
    public synchronized List<RunEvent> events(String rootRunId, long afterIndex, int most) {
        return events.getOrDefault(rootRunId, List.of()).stream()
                .filter(event -> event.index() > afterIndex)
                .limit(most)
                .toList();
    }

    @Override
    public synchronized Finished finish(StoredRun run, List<StateChange> changes) {
        var row = runs.get(run.runId());
        if (row == null) {
            return Finished.notStored(run);
        }
        if (!isOpen(row, run)) {
            return new Finished(row, List.of());
        }
        runs.put(run.runId(), run);
        var session = run.sessionId() == null ? null : sessions.get(run.sessionId());
        if (session == null) {
            return new Finished(run, List.of());
        }
        var merged = StateMerge.of(session.state(), changes);
        var changedAt = Objects.requireNonNullElse(run.endedAt(), session.updatedAt());
        sessions.put(session.sessionId(), session.state(merged.state(), changedAt));
        return new Finished(run, merged.conflicts());
    }

    @Override
    public synchronized Optional<StoredRun> run(String runId) {
        return Optional.ofNullable(runs.get(runId));
    }

    @Override
    public synchronized Page<StoredRun> runs(RunQuery query) {
        var found = new ArrayList<StoredRun>();
        for (var id : runsOfSession.getOrDefault(query.sessionId(), List.of())) {
            var run = Objects.requireNonNull(runs.get(id));
            if (matches(query, run)) {
                found.add(run);
            }
        }
        return Page.of(query.newestFirst() ? found.reversed() : found, query.page(), query.limit());
    }

    private static boolean matches(RunQuery query, StoredRun run) {
        var after = query.createdAfter();
        var before = query.createdBefore();
        return (query.children() || run.parentRunId() == null)
                && (query.rootRunIds().isEmpty() || query.rootRunIds().contains(run.rootRunId()))
                && (query.source() == null || query.source() == run.source())
                && isOrAny(query.componentId(), run.componentId())
                && isOrAny(query.userId(), run.userId())
                && (query.statuses().isEmpty() || query.statuses().contains(run.status()))
                && (after == null || !run.createdAt().isBefore(after))
                && (before == null || run.createdAt().isBefore(before));
    }

    @Override
    public synchronized boolean create(Session session) {
        return sessions.putIfAbsent(session.sessionId(), session.asStored()) == null;
    }

    @Override
    public synchronized Optional<Session> session(String sessionId) {
        return Optional.ofNullable(sessions.get(sessionId));
    }

    @Override
    public synchronized Page<Session> sessions(SessionQuery query) {
        Function<Session, Instant> time =
                query.sort() == SessionQuery.Sort.CREATED ? Session::createdAt : Session::updatedAt;
        var found = sessions.values().stream()
                .filter(matches(query))
                .sorted(Comparator.comparing(time))
                .toList();
        return Page.of(query.ascending() ? found : found.reversed(), query.page(), query.limit());
    }

    private static Predicate<Session> matches(SessionQuery query) {
        return session -> (query.source() == null || query.source() == session.source())
                && isOrAny(query.componentId(), session.componentId())
                && isOrAny(query.userId(), session.userId())
                && (query.name() == null || contains(session.name(), query.name()));
    }

    private static boolean isOrAny(@Nullable String wanted, @Nullable String value) {
        return wanted == null || wanted.equals(value);
    }

    private static boolean contains(@Nullable String name, String part) {
        return name != null && name.toLowerCase(Locale.ROOT).contains(part.toLowerCase(Locale.ROOT));
    }

    @Override
    public synchronized Optional<Session> edit(String sessionId, SessionEdit edit) {
        return Optional.ofNullable(
                sessions.computeIfPresent(sessionId, (_, session) -> session.edited(edit, Instant.now())));
    }

    @Override
    public synchronized int delete(Collection<String> sessionIds) {
        var deleted = 0;
        for (var id : sessionIds) {
            if (sessions.remove(id) != null) {
                deleted++;
                for (var runId : runsOfSession.getOrDefault(id, List.of())) {
                    var run = runs.remove(runId);
                    events.remove(runId);
                    if (run != null && !run.status().isTerminal()) {
                        deleted(runId);
                    }
                }
                runsOfSession.remove(id);
            }
        }
        return deleted;
    }

    private void deleted(String runId) {
        deleted.add(runId);
        if (deleted.size() > MOST_DELETED) {
            deleted.removeFirst();
        }
    }

    @Override
    public synchronized Optional<Session> fork(String sessionId, String newSessionId) {
        return SessionStore.super.fork(sessionId, newSessionId);
    }

    @Override
    public void put(UserMemory memory) {
        memories.put(memory);
    }

    @Override
    public Optional<UserMemory> memory(String memoryId) {
        return memories.memory(memoryId);
    }

    @Override
    public Page<UserMemory> memories(MemoryQuery query) {
        return memories.memories(query);
    }

    @Override
    public int deleteMemories(Collection<String> memoryIds, @Nullable String userId) {
        return memories.deleteMemories(memoryIds, userId);
    }

    @Override
    public List<String> memoryTopics(@Nullable String userId) {
        return memories.memoryTopics(userId);
    }

    @Override
    public Page<UserSummary> memoriesByUser(@Nullable String userId, int page, int limit) {
        return memories.memoriesByUser(userId, page, limit);
    }

    @Override
    public void forEachRun(Instant from, Instant until, @Nullable String userId, Consumer<Entry> reader) {
        synchronized (this) {
            runs.values().stream()
                    .filter(run -> run.parentRunId() == null && run.forkedFrom() == null)
                    .filter(run -> isOrAny(userId, run.userId()))
                    .filter(run ->
                            !run.createdAt().isBefore(from) && run.createdAt().isBefore(until))
                    .sorted(Comparator.comparing(StoredRun::createdAt))
                    .map(Entry::of)
                    .toList()
                    .forEach(reader);
        }
    }
}
