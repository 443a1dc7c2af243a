package dev.rein.store;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.rein.cancel.CancelCause;
import dev.rein.cancel.CancelKind;
import dev.rein.cancel.CancelMode;
import dev.rein.cancel.CancelRequest;
import dev.rein.cancel.CancelStage;
import dev.rein.run.CancelResult.Outcome;
import dev.rein.run.RunStatus;
import dev.rein.session.SharedStore.CancelReceipt;
import dev.rein.session.SharedStore.CancelRequests;
import dev.rein.session.StoredRun;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Requests to cancel runs. A request is kept in the run's row until the run's owner has acknowledged it; a run on which no process
 * works is ended at once.
 */
final class RunCancellation {
    private static final TypeReference<List<CancelRequest>> REQUESTS = new TypeReference<>() {};

    private final Dialect dialect;
    private final LeaseTable leases;
    private final RunTable runs;
    private final EventTable events;
    private final QueueTable queue;

    RunCancellation(Dialect dialect, LeaseTable leases, RunTable runs, EventTable events, QueueTable queue) {
        this.dialect = dialect;
        this.leases = leases;
        this.runs = runs;
        this.events = events;
        this.queue = queue;
    }

    Optional<CancelReceipt> request(Handle handle, String runId, CancelRequest request) {
        return runs.lock(handle, dialect, runId).map(run -> request(handle, run, request));
    }

    /**
     * Ends a run that has just been put back into the queue, if somebody has asked to stop it before its row was locked.
     *
     * @return the ended run; empty if nobody has
     */
    Optional<StoredRun> endIfAsked(Handle handle, String runId) {
        return requests(handle, runId).stream()
                .findFirst()
                .flatMap(request -> request(handle, runId, request))
                .map(CancelReceipt::run);
    }

    private CancelReceipt request(Handle handle, StoredRun run, CancelRequest request) {
        if (run.status().isTerminal()) {
            return new CancelReceipt(run, Outcome.ALREADY_FINISHED, true);
        }
        var owner = run.owner();
        var isDead = owner == null || !leases.lasts(handle, owner);
        if ((run.status() == RunStatus.PAUSED && run.parentRunId() == null) || isDead) {
            endTree(handle, run, request);
            if (owner != null && !isDead) {
                leases.lost(handle, run.runId(), owner, null);
                notify(handle, owner);
            }
            return new CancelReceipt(runs.find(handle, run.runId()).orElse(run), Outcome.REQUESTED, true);
        }
        var before = requests(handle, run.runId());
        var strongest = strongest(run, before);
        if (strongest != null && !request.mode().strongerThan(strongest)) {
            return new CancelReceipt(run, Outcome.ALREADY_REQUESTED, isAcknowledged(handle, run.runId()));
        }
        // Each is stronger than those before it: there are at most as many as there are modes.
        var all = new ArrayList<>(before);
        all.add(request);
        handle.createUpdate("update rein_runs set asked = :asked, taken = 0 where run_id = :id")
                .bind("asked", JsonCodec.json(all))
                .bind("id", run.runId())
                .execute();
        notify(handle, Objects.requireNonNull(owner));
        return new CancelReceipt(run, strongest == null ? Outcome.REQUESTED : Outcome.UPGRADED, false);
    }

    void notify(Handle handle, String owner) {
        if (dialect.notifyOwner != null) {
            handle.createQuery(dialect.notifyOwner)
                    .bind("owner", owner)
                    .mapTo(Integer.class)
                    .list();
        }
    }

    /** Requests are only ever added, so their number says which ones the owner has seen. */
    void acknowledge(Handle handle, String owner, CancelRequests seen) {
        handle.createUpdate("delete from rein_deleted_runs where run_id = :id and owner = :owner")
                .bind("id", seen.runId())
                .bind("owner", owner)
                .execute();
        var isLocked = runs.lock(handle, dialect, seen.runId()).isPresent();
        if (isLocked && requests(handle, seen.runId()).size() == seen.requests().size()) {
            handle.createUpdate("update rein_runs set taken = 1 where run_id = :id and owner = :owner")
                    .bind("id", seen.runId())
                    .bind("owner", owner)
                    .execute();
        }
    }

    boolean isAcknowledged(Handle handle, String runId) {
        return handle.createQuery("select 1 from rein_runs where run_id = :id and ended_at is null and taken = 0")
                .bind("id", ColumnText.id("run id", runId))
                .mapTo(Integer.class)
                .findOne()
                .isEmpty();
    }

    List<CancelRequest> requests(Handle handle, String runId) {
        return handle.createQuery("select asked from rein_runs where run_id = :id and asked is not null")
                .bind("id", runId)
                .mapTo(String.class)
                .findOne()
                .map(json -> requests(runId, json))
                .orElse(List.of());
    }

    /** Requests that can't be read are one to stop at once: that somebody wants the run stopped is known. */
    static List<CancelRequest> requests(String runId, String json) {
        var requests = JsonCodec.readIfPossible("run " + runId, "asked", json, REQUESTS);
        return requests == null ? List.of(CancelRequest.now()) : requests;
    }

    // ---- deleted runs

    /** A live run of a session. */
    private record Live(
            String runId,
            String rootRunId,
            String owner,
            @Nullable String requests) {}

    /**
     * Keeps a request for the owners of a session's live runs, before the session is deleted with their rows. Whoever stops a run
     * stops those below it.
     */
    void cancelDeleted(Handle handle, String sessionId) {
        var live = handle.createQuery("""
            select run_id, root_run_id, owner, asked from rein_runs
            where session_id = :session and ended_at is null and owner is not null order by seq\
            """)
                .bind("session", sessionId)
                .map((row, _) -> new Live(row.getString(1), row.getString(2), row.getString(3), row.getString(4)))
                .list();
        var ids = live.stream().map(Live::runId).collect(Collectors.toSet());
        var tops = live.stream()
                .filter(run -> run.runId().equals(run.rootRunId()) || !ids.contains(run.rootRunId()))
                .filter(run -> leases.lasts(handle, run.owner()))
                .toList();
        if (!tops.isEmpty()) {
            leases.forgetDead(handle);
        }
        var request = CancelRequest.now().reason("session " + sessionId + " was deleted");
        for (var run : tops) {
            var all = new ArrayList<CancelRequest>();
            if (run.requests() != null) {
                all.addAll(requests(run.runId(), run.requests()));
            }
            all.add(request);
            handle.createUpdate("""
                insert into rein_deleted_runs (run_id, owner, asked) values (:id, :owner, :asked)
                on conflict (run_id) do update set owner = :owner, asked = :asked\
                """)
                    .bind("id", run.runId())
                    .bind("owner", run.owner())
                    .bind("asked", JsonCodec.json(all))
                    .execute();
        }
        tops.stream().map(Live::owner).distinct().forEach(owner -> notify(handle, owner));
    }

    /** Whether a root run was deleted while it was live, and its owner has not taken notice yet. */
    boolean isDeleted(Handle handle, String runId) {
        return handle.createQuery("select 1 from rein_deleted_runs where run_id = :id")
                .bind("id", ColumnText.id("root run's id", runId))
                .mapTo(Integer.class)
                .findOne()
                .isPresent();
    }

    static @Nullable CancelMode strongest(StoredRun run, List<CancelRequest> requests) {
        var strongest = run.effectiveMode();
        for (var request : requests) {
            if (strongest == null || request.mode().strongerThan(strongest)) {
                strongest = request.mode();
            }
        }
        return strongest;
    }

    static CancelCause cause(CancelRequest request) {
        return new CancelCause(
                request.kind(),
                Objects.requireNonNullElse(request.reason(), "cancelled by request"),
                request.actor(),
                Instant.now());
    }

    static CancelCause causeOfChild(StoredRun run, CancelCause ofParent) {
        return ofParent.kind() == CancelKind.PARENT
                ? ofParent
                : new CancelCause(
                        CancelKind.PARENT,
                        "run " + run.parentRunId() + " was stopped: " + ofParent.reason(),
                        ofParent.actor(),
                        ofParent.requestedAt());
    }

    private CancelCause cause(Handle handle, StoredRun top, CancelRequest request) {
        var hasBegun = top.status() != RunStatus.PENDING
                || queue.find(handle, top.runId())
                        .filter(place -> place.attempt() == 0)
                        .isEmpty();
        return hasBegun ? cause(request) : cause(request).stage(CancelStage.PENDING);
    }

    /** Ends a run on which no process works, and the runs below it. */
    private void endTree(Handle handle, StoredRun top, CancelRequest request) {
        var causes = new HashMap<String, CancelCause>();
        var mode = Objects.requireNonNullElse(top.effectiveMode(), request.mode());
        causes.put(top.runId(), top.cause() != null ? top.cause() : cause(handle, top, request));
        var live = runs.liveOfTree(handle, top.rootRunId());
        for (var run : live) {
            var parentCause = run.parentRunId() == null ? null : causes.get(run.parentRunId());
            if (parentCause != null) {
                causes.putIfAbsent(run.runId(), causeOfChild(run, parentCause));
            }
        }
        for (var run : live.reversed()) {
            var cause = causes.get(run.runId());
            if (cause != null) {
                end(handle, run.ended(RunStatus.CANCELLED, cause, mode, null, Instant.now()));
            }
        }
    }

    void end(Handle handle, StoredRun ended) {
        if (runs.end(handle, ended)) {
            queue.leave(handle, ended.runId());
            events.appendEnd(handle, ended);
        }
    }
}
