package dev.rein.situations;

import dev.rein.session.Session;
import dev.rein.session.SessionStore;
import dev.rein.session.StateChange;
import dev.rein.session.StoredRun;
import java.util.List;
import java.util.Optional;

/** A store that passes a point in each call. */
final class PassingStore implements SessionStore {
    private final Points points;
    private final SessionStore rows;

    PassingStore(Points points, SessionStore rows) {
        this.points = points;
        this.rows = rows;
    }

    @Override
    public boolean insert(StoredRun run) {
        points.pass("store, before the first row");
        var inserted = rows.insert(run);
        points.pass("store, after the first row");
        return inserted;
    }

    @Override
    public void update(StoredRun run) {
        rows.update(run);
    }

    @Override
    public Finished finish(StoredRun run, List<StateChange> changes) {
        points.pass("store, before the end");
        var finished = rows.finish(run, changes);
        points.pass("store, after the end");
        return finished;
    }

    @Override
    public Optional<StoredRun> run(String runId) {
        return rows.run(runId);
    }

    @Override
    public Optional<Session> session(String sessionId) {
        points.pass("store, reading the session");
        return rows.session(sessionId);
    }

    @Override
    public List<StoredRun> runs(String sessionId) {
        points.pass("store, reading the runs");
        return rows.runs(sessionId);
    }
}
