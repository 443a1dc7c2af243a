package dev.rein.store;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.rein.cancel.CancelCause;
import dev.rein.cancel.CancelKind;
import dev.rein.cancel.CancelMode;
import dev.rein.cancel.CancelRequest;
import dev.rein.run.CancelResult.Outcome;
import dev.rein.run.RunFailure;
import dev.rein.run.RunStatus;
import dev.rein.session.SharedStore.Asked;
import dev.rein.session.SharedStore.News;
import dev.rein.session.SharedStore.StopRequests;
import dev.rein.session.StoredRun;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** What processes do to each other's runs: ask for stops, end those of the dead, go on with paused ones. */
final class FleetTable {
    private static final TypeReference<List<CancelRequest>> REQUESTS = new TypeReference<>() {};

    /** A client may repeat itself without end. */
    private static final int MOST_REQUESTS = 100;

    private final Dialect dialect;
    private final LeaseTable leases;
    private final RunTable runs;
    private final EventTable events;

    FleetTable(Dialect dialect, LeaseTable leases, RunTable runs, EventTable events) {
        this.dialect = dialect;
        this.leases = leases;
        this.runs = runs;
        this.events = events;
    }

    /** One row of what an owner must know. */
    private record Line(String kind, String id, @Nullable String requests) {}

    News look(Handle handle, @Nullable String owner) {
        var lines = handle.createQuery("""
                        select 'STOP' as kind, run_id as id, asked as requests from rein_runs
                        where owner = :owner and ended_at is null and asked is not null and taken = 0
                        union all
                        select 'LOST', run_id, null from rein_runs where former_owner = :owner
                        union all
                        select distinct 'DEAD', run.owner, null from rein_runs run
                        where run.ended_at is null and run.owner is not null and run.owner <> :owner
                            and not exists (select 1 from rein_owners lease
                                where lease.owner = run.owner and lease.until > %s)""".formatted(dialect.now))
                .bind("owner", owner == null ? "" : owner)
                .map((row, _) -> new Line(row.getString(1), row.getString(2), row.getString(3)))
                .list();
        var stops = new ArrayList<StopRequests>();
        for (var line : lines) {
            if (line.requests() != null) {
                stops.add(new StopRequests(line.id(), Codec.read(line.requests(), REQUESTS)));
            }
        }
        return new News(stops, ids(lines, "LOST"), ids(lines, "DEAD"));
    }

    private static List<String> ids(List<Line> lines, String kind) {
        return lines.stream()
                .filter(line -> line.kind().equals(kind))
                .map(Line::id)
                .toList();
    }

    void taken(Handle handle, String owner, Collection<String> runIds) {
        for (var id : runIds) {
            handle.createUpdate("update rein_runs set taken = 1 where run_id = :id and owner = :owner")
                    .bind("id", id)
                    .bind("owner", owner)
                    .execute();
            handle.createUpdate("update rein_runs set former_owner = null where run_id = :id and former_owner = :owner")
                    .bind("id", id)
                    .bind("owner", owner)
                    .execute();
        }
    }

    boolean isTaken(Handle handle, String runId) {
        return handle.createQuery("select 1 from rein_runs where run_id = :id and ended_at is null and taken = 0")
                .bind("id", Plain.id("run id", runId))
                .mapTo(Integer.class)
                .findOne()
                .isEmpty();
    }

    // ---- stops

    Optional<Asked> ask(Handle handle, String runId, CancelRequest request) {
        return runs.lock(handle, dialect, runId).map(run -> ask(handle, run, request));
    }

    private Asked ask(Handle handle, StoredRun run, CancelRequest request) {
        if (run.status().isTerminal()) {
            return new Asked(run, Outcome.ALREADY_FINISHED, true);
        }
        var owner = run.owner();
        var isDead = owner == null || !leases.lasts(handle, owner);
        if ((run.status() == RunStatus.PAUSED && run.parentRunId() == null) || isDead) {
            stop(handle, run, request);
            if (owner != null && !isDead) {
                handle.createUpdate("update rein_runs set former_owner = :owner where run_id = :id")
                        .bind("owner", owner)
                        .bind("id", run.runId())
                        .execute();
                tell(handle, owner);
            }
            return new Asked(runs.find(handle, run.runId()).orElse(run), Outcome.REQUESTED, true);
        }
        var before = requests(handle, run.runId());
        var strongest = strongest(run, before);
        if (strongest != null && !request.mode().strongerThan(strongest)) {
            return new Asked(run, Outcome.ALREADY_REQUESTED, isTaken(handle, run.runId()));
        }
        var all = new ArrayList<>(before);
        if (all.size() < MOST_REQUESTS) {
            all.add(request);
        }
        handle.createUpdate("update rein_runs set asked = :asked, taken = 0 where run_id = :id")
                .bind("asked", Codec.json(all))
                .bind("id", run.runId())
                .execute();
        tell(handle, Objects.requireNonNull(owner));
        return new Asked(run, strongest == null ? Outcome.REQUESTED : Outcome.UPGRADED, false);
    }

    private static @Nullable CancelMode strongest(StoredRun run, List<CancelRequest> asked) {
        var strongest = run.effectiveMode();
        for (var request : asked) {
            if (strongest == null || request.mode().strongerThan(strongest)) {
                strongest = request.mode();
            }
        }
        return strongest;
    }

    private static List<CancelRequest> requests(Handle handle, String runId) {
        return handle.createQuery("select asked from rein_runs where run_id = :id and asked is not null")
                .bind("id", runId)
                .mapTo(String.class)
                .findOne()
                .map(json -> Codec.read(json, REQUESTS))
                .orElse(List.of());
    }

    private void tell(Handle handle, String owner) {
        if (dialect == Dialect.POSTGRES) {
            handle.createQuery("select 1 from (select pg_notify(:channel, :owner)) told")
                    .bind("channel", Listener.CHANNEL)
                    .bind("owner", owner)
                    .mapTo(Integer.class)
                    .list();
        }
    }

    private static CancelCause cause(CancelRequest request) {
        return new CancelCause(
                request.kind(),
                Objects.requireNonNullElse(request.reason(), "cancelled by request"),
                request.actor(),
                Instant.now());
    }

    /** Ends a run that nobody works on, and what is below it. */
    private void stop(Handle handle, StoredRun top, CancelRequest request) {
        var causes = new HashMap<String, CancelCause>();
        var mode = Objects.requireNonNullElse(top.effectiveMode(), request.mode());
        causes.put(top.runId(), top.cause() != null ? top.cause() : cause(request));
        var live = runs.liveOfTree(handle, top.rootRunId());
        for (var run : live) {
            var above = run.parentRunId() == null ? null : causes.get(run.parentRunId());
            if (above != null) {
                causes.putIfAbsent(run.runId(), ofParent(run, above));
            }
        }
        for (var run : live.reversed()) {
            var cause = causes.get(run.runId());
            if (cause != null) {
                end(handle, run.ended(RunStatus.CANCELLED, cause, mode, null, Instant.now()));
            }
        }
    }

    private static CancelCause ofParent(StoredRun run, CancelCause above) {
        return above.kind() == CancelKind.PARENT
                ? above
                : new CancelCause(
                        CancelKind.PARENT,
                        "run " + run.parentRunId() + " was stopped: " + above.reason(),
                        above.actor(),
                        above.requestedAt());
    }

    private void end(Handle handle, StoredRun ended) {
        if (runs.updateLive(handle, ended)) {
            events.appendEnd(handle, ended);
        }
    }

    // ---- the runs of the dead

    List<StoredRun> endRunsOf(Handle handle, String owner) {
        if (!leases.bury(handle, owner)) {
            return List.of();
        }
        var causes = new HashMap<String, CancelCause>();
        var modes = new HashMap<String, CancelMode>();
        var left = new ArrayList<StoredRun>();
        var paused = new ArrayList<String>();
        for (var run : runs.liveOf(handle, dialect, owner)) {
            var requests = requests(handle, run.runId());
            var above = run.parentRunId() == null ? null : causes.get(run.parentRunId());
            var cause = run.cause() != null
                    ? run.cause()
                    : !requests.isEmpty() ? cause(requests.getFirst()) : above != null ? ofParent(run, above) : null;
            if (cause != null) {
                causes.put(run.runId(), cause);
                modes.put(run.runId(), Objects.requireNonNullElse(strongest(run, requests), CancelMode.NOW));
            } else if (run.status() == RunStatus.PAUSED && run.parentRunId() == null) {
                paused.add(run.runId());
            }
            left.add(run);
        }
        letGo(handle, owner, paused);
        left.removeIf(run -> paused.contains(run.rootRunId()));
        return endAll(handle, left, causes, modes, owner);
    }

    private List<StoredRun> endAll(
            Handle handle,
            List<StoredRun> left,
            Map<String, CancelCause> causes,
            Map<String, CancelMode> modes,
            String owner) {
        var failure = new RunFailure(
                "ProcessLost",
                "the process that ran it (" + owner
                        + ") has ended, or was suspended for longer than its lease; what it had" + " stored is kept",
                null);
        var ended = new ArrayList<StoredRun>();
        for (var run : left.reversed()) {
            var cause = causes.get(run.runId());
            var end = cause == null
                    ? run.ended(RunStatus.ERROR, null, null, failure, Instant.now())
                    : run.ended(RunStatus.CANCELLED, cause, modes.get(run.runId()), null, Instant.now());
            end(handle, end);
            ended.add(end);
        }
        return ended;
    }

    // ---- paused runs

    void letGo(Handle handle, String owner, Collection<String> rootRunIds) {
        for (var id : rootRunIds) {
            handle.createUpdate("""
                            update rein_runs set owner = null, epoch = epoch + 1
                            where root_run_id = :root and owner = :owner and ended_at is null""").bind("root", id).bind("owner", owner).execute();
        }
    }

    Optional<StoredRun> adopt(Handle handle, String runId, long epoch, String owner) {
        var adopted = handle.createUpdate("""
                        update rein_runs
                        set status = 'RUNNING', former_owner = case when owner = :owner then null else owner end,
                            epoch = case when owner = :owner then epoch else epoch + 1 end, owner = :owner
                        where run_id = :id and epoch = :epoch and status = 'PAUSED'""")
                .bind("id", Plain.id("run id", runId))
                .bind("epoch", epoch)
                .bind("owner", Plain.id("owner", owner))
                .execute();
        if (adopted == 0) {
            return Optional.empty();
        }
        // Their former owner is told of the one at the top, whose end is theirs: one that ended alone might be skipped
        // there.
        handle.createUpdate("""
                        update rein_runs set owner = :owner, epoch = epoch + 1
                        where root_run_id = :id and run_id <> :id and ended_at is null
                            and (owner is null or owner <> :owner)""").bind("id", runId).bind("owner", owner).execute();
        return runs.find(handle, runId);
    }
}
