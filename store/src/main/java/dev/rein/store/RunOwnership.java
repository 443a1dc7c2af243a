package dev.rein.store;

import dev.rein.cancel.CancelCause;
import dev.rein.cancel.CancelKind;
import dev.rein.cancel.CancelMode;
import dev.rein.run.RunFailure;
import dev.rein.run.RunStatus;
import dev.rein.session.SharedStore.CancelRequests;
import dev.rein.session.SharedStore.LostRun;
import dev.rein.session.SharedStore.Updates;
import dev.rein.session.StoredRun;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The owners of runs: ends the runs of dead owners, and passes paused trees from one owner to another. */
final class RunOwnership {
    private final Dialect dialect;
    private final LeaseTable leases;
    private final RunTable runs;
    private final RunCancellation cancellation;
    private final QueueTable queue;

    RunOwnership(Dialect dialect, LeaseTable leases, RunTable runs, RunCancellation cancellation, QueueTable queue) {
        this.dialect = dialect;
        this.leases = leases;
        this.runs = runs;
        this.cancellation = cancellation;
        this.queue = queue;
    }

    /** One row of the answer to a poll. */
    private record Update(
            String kind, String id, long epoch, @Nullable String requests) {}

    Updates poll(Handle handle, @Nullable String owner) {
        var updates = handle.createQuery("""
            select 'CANCEL' as kind, run_id as id, epoch, asked as requests from rein_runs
            where owner = :owner and ended_at is null and asked is not null and taken = 0
            union all
            select 'CANCEL', run_id, 0, asked from rein_deleted_runs where owner = :owner
            union all
            select 'LOST', run.run_id, run.epoch, null
            from rein_lost_runs lost join rein_runs run on run.run_id = lost.run_id
            where lost.owner = :owner
            union all
            select distinct 'DEAD', run.owner, 0, null from rein_runs run
            where run.ended_at is null and run.owner is not null and run.owner <> :owner
                and not exists (select 1 from rein_owners lease
                    where lease.owner = run.owner and lease.until > %s)\
            """.formatted(dialect.currentMillis))
                .bind("owner", owner == null ? "" : owner)
                .map((row, _) -> new Update(row.getString(1), row.getString(2), row.getLong(3), row.getString(4)))
                .list();
        var requests = new ArrayList<CancelRequests>();
        var lost = new ArrayList<LostRun>();
        var dead = new ArrayList<String>();
        for (var update : updates) {
            if (update.requests() != null) {
                requests.add(new CancelRequests(update.id(), RunCancellation.requests(update.id(), update.requests())));
            } else if (update.kind().equals("LOST")) {
                lost.add(new LostRun(update.id(), update.epoch()));
            } else {
                dead.add(update.id());
            }
        }
        return new Updates(requests, lost, dead);
    }

    void acknowledge(Handle handle, String owner, Updates seen) {
        for (var requests : seen.cancelRequests()) {
            cancellation.acknowledge(handle, owner, requests);
        }
        for (var lost : seen.lostRuns()) {
            handle.createUpdate("""
                delete from rein_lost_runs where run_id = :id and owner = :owner
                    and exists (select 1 from rein_runs where run_id = :id and epoch = :epoch)\
                """)
                    .bind("id", lost.runId())
                    .bind("owner", owner)
                    .bind("epoch", lost.epoch())
                    .execute();
        }
    }

    // ---- the runs of the dead

    List<StoredRun> endRunsOf(Handle handle, String owner) {
        if (!leases.removeExpired(handle, owner)) {
            return List.of();
        }
        var causes = new HashMap<String, CancelCause>();
        var modes = new HashMap<String, CancelMode>();
        var live = new ArrayList<StoredRun>();
        var paused = new ArrayList<String>();
        var repeated = new HashSet<String>();
        for (var run : runs.liveOf(handle, dialect, owner)) {
            var requests = cancellation.requests(handle, run.runId());
            var parentCause = run.parentRunId() == null ? null : causes.get(run.parentRunId());
            var cause = run.cause();
            if (cause == null && !requests.isEmpty()) {
                cause = RunCancellation.cause(requests.getFirst());
            } else if (cause == null && parentCause != null) {
                cause = RunCancellation.causeOfChild(run, parentCause);
            }
            if (cause != null) {
                causes.put(run.runId(), cause);
                modes.put(
                        run.runId(),
                        Objects.requireNonNullElse(RunCancellation.strongest(run, requests), CancelMode.NOW));
            } else if (run.status() == RunStatus.PAUSED && run.parentRunId() == null) {
                paused.add(run.runId());
            }
            if (isOfProcess(cause) && requests.isEmpty() && isRepeated(handle, run, owner)) {
                repeated.add(run.runId());
            }
            live.add(run);
        }
        var released = release(handle, owner, paused);
        live.removeIf(run -> released.contains(run.rootRunId()) || repeated.contains(run.runId()));
        return endAll(handle, live, causes, modes, owner);
    }

    /** Whether nobody has asked to stop a run: at most its process did, because it ended. */
    private static boolean isOfProcess(@Nullable CancelCause cause) {
        return cause == null || cause.kind() == CancelKind.SHUTDOWN || cause.kind() == CancelKind.LEASE_LOST;
    }

    /** Whether a durable run is executed again; its children are ended, and it starts others. */
    private boolean isRepeated(Handle handle, StoredRun run, String owner) {
        return run.parentRunId() == null
                && run.status() != RunStatus.PAUSED
                && queue.repeatLost(handle, run, lost(owner).describe());
    }

    private static RunFailure lost(String owner) {
        return new RunFailure(
                "ProcessLost",
                "the process that ran it (" + owner
                        + ") has ended, or was suspended for longer than its lease; what it had stored is kept",
                null);
    }

    private List<StoredRun> endAll(
            Handle handle,
            List<StoredRun> live,
            Map<String, CancelCause> causes,
            Map<String, CancelMode> modes,
            String owner) {
        var failure = lost(owner);
        var ended = new ArrayList<StoredRun>();
        for (var run : live.reversed()) {
            var cause = causes.get(run.runId());
            var end = cause == null
                    ? run.ended(RunStatus.ERROR, null, null, failure, Instant.now())
                    : run.ended(RunStatus.CANCELLED, cause, modes.get(run.runId()), null, Instant.now());
            cancellation.end(handle, end);
            ended.add(end);
        }
        return ended;
    }

    // ---- paused runs

    /** Leaves a run alone that its owner has resumed meanwhile: if its process died, nobody would find a run without an owner. */
    List<String> release(Handle handle, String owner, Collection<String> rootRunIds) {
        var released = new ArrayList<String>();
        for (var id : rootRunIds) {
            var isReleased = handle.createUpdate("""
                update rein_runs set owner = null, epoch = epoch + 1
                where run_id = :root and owner = :owner and status = 'PAUSED' and parent_run_id is null\
                """)
                            .bind("root", id)
                            .bind("owner", owner)
                            .execute()
                    == 1;
            if (isReleased) {
                handle.createUpdate("""
                    update rein_runs set owner = null, epoch = epoch + 1
                    where root_run_id = :root and run_id <> :root and owner = :owner and ended_at is null\
                    """).bind("root", id).bind("owner", owner).execute();
                released.add(id);
            }
        }
        return released;
    }

    Optional<StoredRun> adopt(Handle handle, String runId, long epoch, String owner) {
        var former = runs.lock(handle, dialect, runId).map(StoredRun::owner).orElse(null);
        var adopted = handle.createUpdate("""
            update rein_runs
            set status = 'RUNNING',
                epoch = case when owner = :owner then epoch else epoch + 1 end, owner = :owner
            where run_id = :id and epoch = :epoch and status = 'PAUSED'\
            """)
                .bind("id", ColumnText.id("run id", runId))
                .bind("epoch", epoch)
                .bind("owner", ColumnText.id("owner", owner))
                .execute();
        if (adopted == 0) {
            return Optional.empty();
        }
        leases.lost(handle, runId, former, owner);
        queue.continued(handle, runId);
        // The former owner learns only of the run at the top, whose end ends those below: a run below that ended alone
        // might
        // be skipped there, and the next step would begin.
        handle.createUpdate("""
            update rein_runs set owner = :owner, epoch = epoch + 1
            where root_run_id = :id and run_id <> :id and ended_at is null
                and (owner is null or owner <> :owner)\
            """).bind("owner", owner).bind("id", runId).execute();
        return runs.find(handle, runId);
    }
}
