package dev.rein.session;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** A store that forgets when the process ends. For tests, demos, and conversations that need not last. Thread-safe. */
public final class InMemorySessionStore implements SessionStore {
    private final Map<String, StoredRun> runs = new HashMap<>();
    private final Map<String, Session> sessions = new HashMap<>();
    private final Map<String, LinkedHashMap<String, Boolean>> runsOfSession = new HashMap<>();

    @Override
    public synchronized boolean insert(StoredRun run) {
        if (runs.putIfAbsent(run.runId(), run) != null) {
            return false;
        }
        var sessionId = run.sessionId();
        if (sessionId != null) {
            sessions.computeIfAbsent(
                    sessionId, id -> new Session(id, run.userId(), Map.of(), run.createdAt(), run.createdAt()));
            if (run.parentRunId() == null) {
                runsOfSession
                        .computeIfAbsent(sessionId, id -> new LinkedHashMap<>())
                        .put(run.runId(), true);
            }
        }
        return true;
    }

    @Override
    public synchronized void update(StoredRun run) {
        runs.computeIfPresent(run.runId(), (_, row) -> row.status().isTerminal() ? row : run);
    }

    @Override
    public synchronized Finished finish(StoredRun run, List<StateChange> changes) {
        if (!insert(run)) {
            var row = Objects.requireNonNull(runs.get(run.runId()));
            if (row.status().isTerminal()) {
                return new Finished(row, List.of());
            }
        }
        runs.put(run.runId(), run);
        return new Finished(run, run.sessionId() == null ? List.of() : merge(run.sessionId(), run, changes));
    }

    private List<String> merge(String sessionId, StoredRun run, List<StateChange> changes) {
        var session = Objects.requireNonNull(sessions.get(sessionId));
        var state = new HashMap<>(session.state());
        var conflicts = new ArrayList<String>();
        for (var change : changes) {
            var now = state.get(change.key());
            if (!Objects.equals(now, change.before()) && !Objects.equals(now, change.after())) {
                conflicts.add(change.key());
            }
            if (change.after() == null) {
                state.remove(change.key());
            } else {
                state.put(change.key(), change.after());
            }
        }
        var updatedAt = Objects.requireNonNullElse(run.endedAt(), session.updatedAt());
        sessions.put(sessionId, new Session(sessionId, session.userId(), state, session.createdAt(), updatedAt));
        return conflicts;
    }

    @Override
    public synchronized Optional<StoredRun> run(String runId) {
        return Optional.ofNullable(runs.get(runId));
    }

    @Override
    public synchronized Optional<Session> session(String sessionId) {
        return Optional.ofNullable(sessions.get(sessionId));
    }

    @Override
    public synchronized List<StoredRun> runs(String sessionId) {
        return runsOfSession.getOrDefault(sessionId, new LinkedHashMap<>()).keySet().stream()
                .map(id -> Objects.requireNonNull(runs.get(id)))
                .toList();
    }
}
