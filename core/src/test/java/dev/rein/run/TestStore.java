package dev.rein.run;

import dev.rein.run.event.RunEvent;
import dev.rein.session.Page;
import dev.rein.session.RunQuery;
import dev.rein.session.Session;
import dev.rein.session.SessionEdit;
import dev.rein.session.SessionQuery;
import dev.rein.session.SessionStore;
import dev.rein.session.StateChange;
import dev.rein.session.StoredRun;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** A store that delegates to another one, for tests that override a method. */
class TestStore implements SessionStore {
    final SessionStore inner;

    TestStore(SessionStore inner) {
        this.inner = inner;
    }

    @Override
    public boolean insert(StoredRun run) {
        return inner.insert(run);
    }

    @Override
    public void update(StoredRun run) {
        inner.update(run);
    }

    @Override
    public Finished finish(StoredRun run, List<StateChange> changes) {
        return inner.finish(run, changes);
    }

    @Override
    public void append(List<RunEvent> events) {
        inner.append(events);
    }

    @Override
    public List<RunEvent> events(String rootRunId, long afterIndex, int most) {
        return inner.events(rootRunId, afterIndex, most);
    }

    @Override
    public Optional<StoredRun> run(String runId) {
        return inner.run(runId);
    }

    @Override
    public Optional<Session> session(String sessionId) {
        return inner.session(sessionId);
    }

    @Override
    public Page<StoredRun> runs(RunQuery query) {
        return inner.runs(query);
    }

    @Override
    public boolean create(Session session) {
        return inner.create(session);
    }

    @Override
    public Page<Session> sessions(SessionQuery query) {
        return inner.sessions(query);
    }

    @Override
    public Optional<Session> edit(String sessionId, SessionEdit edit) {
        return inner.edit(sessionId, edit);
    }

    @Override
    public int delete(Collection<String> sessionIds) {
        return inner.delete(sessionIds);
    }
}
