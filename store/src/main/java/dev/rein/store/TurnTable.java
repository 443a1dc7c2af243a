package dev.rein.store;

import dev.rein.queue.QueuedRun;
import dev.rein.queue.RunQueue;
import dev.rein.queue.RunQueue.Enqueued;
import dev.rein.session.SessionPolicy;
import dev.rein.session.SharedStore.SessionEntry;
import dev.rein.session.SharedStore.SessionEntry.Result;
import dev.rein.session.StoredRun;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * The turns of sessions, kept in the rows of their runs. A run that enters locks its session first, so the numbers of the runs of a
 * session grow in the order in which they become visible: nobody is overtaken by one that could not be seen.
 */
final class TurnTable {
    private final Dialect dialect;
    private final SessionTable sessions;
    private final RunTable runs;

    TurnTable(Dialect dialect, SessionTable sessions, RunTable runs) {
        this.dialect = dialect;
        this.sessions = sessions;
        this.runs = runs;
    }

    SessionEntry enter(Handle handle, StoredRun run, SessionPolicy policy) {
        if (runs.find(handle, run.runId()).isPresent()) {
            return new SessionEntry(Result.ID_USED, null);
        }
        sessions.ensure(handle, run);
        sessions.lockKey(handle, Objects.requireNonNull(run.sessionId()));
        var rejects = policy == SessionPolicy.REJECT;
        var other = inTheWay(handle, run, rejects);
        if (rejects && other.isPresent()) {
            return new SessionEntry(Result.BUSY, other.get());
        }
        if (!runs.insert(handle, run, other.isPresent())) {
            return new SessionEntry(Result.ID_USED, null);
        }
        return new SessionEntry(other.isPresent() ? Result.WAITS : Result.HAS_TURN, other.orElse(null));
    }

    /** Adds a durable run to the queue, in the order of its session. */
    Enqueued enqueue(
            Handle handle, QueueTable queue, StoredRun run, QueuedRun place, SessionPolicy policy, int maxQueued) {
        var sameKey = queue.withKey(handle, place.idempotencyKey());
        if (sameKey.isPresent()) {
            return new Enqueued(Enqueued.Result.KEY_USED, sameKey.get());
        }
        if (queue.isFull(handle, maxQueued)) {
            return new Enqueued(Enqueued.Result.FULL, null);
        }
        if (runs.find(handle, run.runId()).isPresent()) {
            return new Enqueued(Enqueued.Result.ID_USED, null);
        }
        sessions.ensure(handle, run);
        if (run.sessionId() != null && policy != SessionPolicy.ALLOW) {
            sessions.lockKey(handle, run.sessionId());
            var other = policy == SessionPolicy.REJECT ? inTheWay(handle, run, true) : Optional.<String>empty();
            if (other.isPresent()) {
                return new Enqueued(
                        Enqueued.Result.BUSY, runs.find(handle, other.get()).orElse(null));
            }
        }
        if (!runs.insert(handle, run)) {
            return new Enqueued(Enqueued.Result.ID_USED, null);
        }
        if (queue.insert(handle, place)) {
            return new Enqueued(Enqueued.Result.QUEUED, null);
        }
        // A start with the same key was faster, and is visible now.
        runs.delete(handle, run.runId());
        return new Enqueued(
                Enqueued.Result.KEY_USED,
                queue.withKey(handle, place.idempotencyKey()).orElseThrow());
    }

    private Optional<String> inTheWay(Handle handle, StoredRun run, boolean orPaused) {
        return handle.createQuery("""
            select run_id from rein_runs run
            where session_id = :session and ended_at is null and parent_run_id is null
                and %s
            order by seq limit 1\
            """.formatted(
                        orPaused ? "(status = 'PAUSED' or " + isTaken("run", dialect) + ")" : works("run", dialect)))
                .bind("session", run.sessionId())
                .mapTo(String.class)
                .findOne();
    }

    /** The runs of an owner that wait, and have the turn now. */
    List<String> turns(Handle handle, String owner) {
        return handle.createQuery("""
            select run_id from rein_runs run
            where owner = :owner and ended_at is null and waits = 1 and not exists (
                select 1 from rein_runs earlier
                where earlier.session_id = run.session_id and earlier.ended_at is null
                    and earlier.parent_run_id is null and earlier.seq < run.seq and %s)\
            """.formatted(works("earlier", dialect)))
                .bind("owner", owner)
                .mapTo(String.class)
                .list();
    }

    static String works(String run, Dialect dialect) {
        return run + ".status <> 'PAUSED' and " + isTaken(run, dialect);
    }

    /**
     * Whether a process has the run, or will have it. One that has died holds up nobody, whether or not its runs have been ended; neither
     * does a durable run before its time.
     */
    private static String isTaken(String run, Dialect dialect) {
        return """
            (exists (select 1 from rein_owners lease where lease.owner = %1$s.owner and lease.until > %2$s)
                or (%1$s.owner is null and exists (select 1 from rein_queue waiting where waiting.run_id = %1$s.run_id
                    and waiting.queued = 1 and (waiting.attempt > 0 or waiting.available_at <= %2$s))))\
            """.formatted(run, dialect.currentMillis);
    }

    /**
     * Notifies those who wait for the turns of sessions, whose runs have ended or are paused.
     *
     * @return their owners, and {@link RunQueue#NEWS}, for a database that notifies nobody
     */
    List<String> notifyWaiting(Handle handle, Collection<String> sessionIds) {
        if (sessionIds.isEmpty()) {
            return List.of();
        }
        var owners = "select distinct owner from rein_runs where session_id in (<sessions>) and ended_at is null"
                + " and parent_run_id is null and waits = 1 and owner is not null"
                + " union select '" + RunQueue.NEWS + "' from rein_queue place"
                + " join rein_runs run on run.run_id = place.run_id"
                + " where run.session_id in (<sessions>) and place.queued = 1 and place.in_order = 1";
        var query = dialect.notifyOwner == null
                ? owners
                : "select owner from (" + owners + ") waiting, lateral pg_notify('" + PostgresNotifications.CHANNEL
                        + "', waiting.owner) notified";
        return handle.createQuery(query)
                .bindList("sessions", List.copyOf(sessionIds))
                .mapTo(String.class)
                .list();
    }
}
