package dev.rein.situations;

import dev.rein.session.InMemorySessionStore;
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
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A store whose writes can be parked, and made to fail. */
final class ParkingStore implements SessionStore {
    private final InMemorySessionStore store = new InMemorySessionStore();
    private final AtomicInteger finishes = new AtomicInteger();
    private volatile @Nullable Gate atInsert;
    private volatile @Nullable Gate atFinish;
    private volatile boolean down;
    private volatile boolean closed;

    /** Parks the inserts from now on. */
    Gate parkInsert() {
        var gate = new Gate();
        atInsert = gate;
        return gate;
    }

    /** Parks the ends of runs from now on. */
    Gate parkFinish() {
        var gate = new Gate();
        atFinish = gate;
        return gate;
    }

    void down(boolean value) {
        down = value;
    }

    /** How often the end of a run was to be written. */
    int finishes() {
        return finishes.get();
    }

    @Override
    public boolean insert(StoredRun run) {
        standAt(atInsert);
        return store.insert(run);
    }

    @Override
    public void update(StoredRun run) {
        if (down) {
            throw new IllegalStateException("the store is down");
        }
        store.update(run);
    }

    @Override
    public Finished finish(StoredRun run, List<StateChange> changes) {
        finishes.incrementAndGet();
        standAt(atFinish);
        return store.finish(run, changes);
    }

    private void standAt(@Nullable Gate gate) {
        if (gate != null) {
            gate.passDeaf();
        }
        if (down) {
            throw new IllegalStateException("the store is down");
        }
    }

    @Override
    public Optional<StoredRun> run(String runId) {
        return store.run(runId);
    }

    @Override
    public Optional<Session> session(String sessionId) {
        return store.session(sessionId);
    }

    @Override
    public Page<StoredRun> runs(RunQuery query) {
        return store.runs(query);
    }

    @Override
    public boolean create(Session session) {
        return store.create(session);
    }

    @Override
    public Page<Session> sessions(SessionQuery query) {
        return store.sessions(query);
    }

    @Override
    public Optional<Session> edit(String sessionId, SessionEdit edit) {
        return store.edit(sessionId, edit);
    }

    @Override
    public int delete(Collection<String> sessionIds) {
        return store.delete(sessionIds);
    }

    @Override
    public boolean isClosed() {
        return closed;
    }

    @Override
    public void close() {
        closed = true;
    }
}
