package dev.rein.store;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.rein.cancel.CancelKind;
import dev.rein.queue.PlaceQuery;
import dev.rein.queue.PlaceState;
import dev.rein.queue.QueuePlace;
import dev.rein.queue.QueuedRun;
import dev.rein.queue.RunQueue.Claim;
import dev.rein.queue.RunQueue.Claimable;
import dev.rein.run.RunStatus;
import dev.rein.session.JsonState;
import dev.rein.session.Page;
import dev.rein.session.StoredRun;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The queue of durable runs. All code that changes both locks the row of the run first, because of dead-locks. */
final class QueueTable {
    private static final TypeReference<String> TEXT = new TypeReference<>() {};

    /** The key of the lock under which runs are counted; any number that nobody else uses. */
    private static final long DEPTH_LOCK = 0x7265696e_71756575L;

    private final Dialect dialect;
    private final RunTable runs;

    QueueTable(Dialect dialect, RunTable runs) {
        this.dialect = dialect;
        this.runs = runs;
    }

    // ---- in

    /** Whether the queue has as many runs as it may have. Starts that ask at the same time are counted one after the other. */
    boolean isFull(Handle handle, int most) {
        if (!dialect.singleWriter) {
            handle.createQuery("select 1 from (select pg_advisory_xact_lock(:key)) locked")
                    .bind("key", DEPTH_LOCK)
                    .mapTo(Integer.class)
                    .list();
        }
        return handle.createQuery("select count(*) from rein_queue where queued = 1")
                        .mapTo(Long.class)
                        .one()
                >= most;
    }

    /** @return false if another run has the idempotency key */
    boolean insert(Handle handle, QueuedRun place) {
        var available = place.availableAt();
        return handle.createUpdate("""
            insert into rein_queue (run_id, component, queued, in_order, priority, available_at, attempt, attempts, backoff,
                idempotency_key, options)
            values (:id, :component, 1, :order, :priority, :available, 0, :attempts, :backoff, :key, :options)
            on conflict (idempotency_key) do nothing\
            """)
                        .bind("id", place.runId())
                        .bind("component", component(place.source().name(), place.componentId()))
                        .bind("order", place.inOrder() ? 1 : 0)
                        .bind("priority", place.priority())
                        .bind("available", available == null ? 0 : available.toEpochMilli())
                        .bind("attempts", place.attempts())
                        .bind("backoff", place.backoff().toMillis())
                        .bind("key", place.idempotencyKey())
                        .bind("options", JsonState.write(place.options()))
                        .execute()
                == 1;
    }

    Optional<StoredRun> withKey(Handle handle, @Nullable String key) {
        return key == null
                ? Optional.empty()
                : handle.createQuery("select run_id from rein_queue where idempotency_key = :key")
                        .bind("key", key)
                        .mapTo(String.class)
                        .findOne()
                        .flatMap(id -> runs.find(handle, id));
    }

    private static String component(String kind, String id) {
        return kind + " " + id;
    }

    // ---- claims

    /** A run that can be claimed. */
    private record Candidate(String runId, String component) {}

    List<Claim> claim(Handle handle, String owner, Collection<Claimable> components, int most) {
        var left = new HashMap<String, Integer>();
        components.stream()
                .filter(each -> each.most() > 0)
                .forEach(each -> left.put(component(each.source().name(), each.componentId()), each.most()));
        var claims = new ArrayList<Claim>();
        var isComplete = false;
        while (!isComplete && !left.isEmpty() && claims.size() < most) {
            isComplete = true;
            for (var candidate : candidates(handle, left.keySet(), most - claims.size())) {
                if (!left.containsKey(candidate.component())) {
                    continue;
                }
                var claim = claim(handle, owner, candidate.runId());
                claim.ifPresent(claims::add);
                if (claim.isPresent() && left.merge(candidate.component(), -1, Integer::sum) == 0) {
                    // Its other runs may have stood before those of other components.
                    left.remove(candidate.component());
                    isComplete = false;
                }
            }
        }
        return claims;
    }

    private List<Candidate> candidates(Handle handle, Collection<String> components, int most) {
        return handle.createQuery(
                        """
            select place.run_id, place.component from rein_queue place join rein_runs run on run.run_id = place.run_id
            where place.queued = 1 and place.available_at <= %1$s and place.component in (<components>)
                and run.owner is null and run.ended_at is null
                and (place.in_order = 0 or not exists (
                    select 1 from rein_runs earlier
                    where earlier.session_id = run.session_id and earlier.ended_at is null
                        and earlier.parent_run_id is null and earlier.seq < run.seq and %2$s))
            order by place.priority desc, place.seq limit :most%3$s\
            """.formatted(dialect.currentMillis, TurnTable.works("earlier", dialect), dialect.claimLock))
                .bindList("components", List.copyOf(components))
                .bind("most", most)
                .map((row, _) -> new Candidate(row.getString(1), row.getString(2)))
                .list();
    }

    private Optional<Claim> claim(Handle handle, String owner, String runId) {
        var isMine =
                handle.createUpdate("""
            update rein_runs set owner = :owner, epoch = epoch + 1
            where run_id = :id and owner is null and ended_at is null\
            """).bind("owner", owner).bind("id", runId).execute() == 1;
        if (!isMine) {
            return Optional.empty();
        }
        handle.createUpdate("update rein_queue set queued = 0, attempt = attempt + 1 where run_id = :id")
                .bind("id", runId)
                .execute();
        return claim(handle, runId);
    }

    /** The runs of an owner that it has claimed, or resumed. */
    List<Claim> claims(Handle handle, String owner) {
        return handle.createQuery("""
            select run.run_id from rein_runs run join rein_queue place on place.run_id = run.run_id
            where run.owner = :owner and run.ended_at is null and run.status <> 'PAUSED' and place.queued = 0\
            """).bind("owner", owner).mapTo(String.class).list().stream()
                .flatMap(id -> claim(handle, id).stream())
                .toList();
    }

    private Optional<Claim> claim(Handle handle, String runId) {
        var next = handle.createQuery("""
            select coalesce(max(last_index), -1) + 1 from (
                select last_index from rein_events where root_run_id = :id
                union all select last_index from rein_live_events where root_run_id = :id) events\
            """).bind("id", runId).mapTo(Long.class).one();
        return runs.find(handle, runId).flatMap(run -> find(handle, runId).map(place -> new Claim(run, place, next)));
    }

    Optional<QueuedRun> find(Handle handle, String runId) {
        return handle.createQuery("""
            select place.*, run.source, run.component_id from rein_queue place
            join rein_runs run on run.run_id = place.run_id where place.run_id = :id\
            """)
                .bind("id", ColumnText.id("run id", runId))
                .map((row, _) -> place(row))
                .findOne();
    }

    Page<QueuePlace> page(Handle handle, PlaceQuery query) {
        var select = new PageQuery("""
            (select place.*, run.source, run.component_id, run.session_id, run.user_id,
                case run.status when 'COMPLETED' then 'COMPLETED' when 'ERROR' then 'FAILED'
                    when 'CANCELLED' then 'CANCELLED' when 'PAUSED' then 'PAUSED'
                    else case when place.queued = 1 then 'QUEUED' else 'RUNNING' end end as state
            from rein_queue place join rein_runs run on run.run_id = place.run_id) as places\
            """);
        if (!query.states().isEmpty()) {
            // The names are those of an enum.
            select.where("state in ("
                    + query.states().stream()
                            .map(state -> "'" + state.name() + "'")
                            .collect(Collectors.joining(", "))
                    + ")");
        }
        if (query.sessionId() != null) {
            select.where("session_id = :session", "session", ColumnText.id("session id", query.sessionId()));
        }
        if (query.userId() != null) {
            select.where("user_id = :user", "user", ColumnText.id("user id", query.userId()));
        }
        return select.page(
                handle,
                query.oldestFirst() ? "seq" : "seq desc",
                query.page(),
                query.limit(),
                (row, _) -> new QueuePlace(place(row), PlaceState.valueOf(row.getString("state"))));
    }

    private static QueuedRun place(ResultSet row) throws SQLException {
        var available = row.getLong("available_at");
        var id = row.getString("run_id");
        return new QueuedRun(
                id,
                UnknownValues.kind(row.getString("source")),
                row.getString("component_id"),
                row.getInt("priority"),
                available == 0 ? null : Instant.ofEpochMilli(available),
                row.getInt("attempt"),
                row.getInt("attempts"),
                Duration.ofMillis(row.getLong("backoff")),
                row.getInt("in_order") == 1,
                row.getString("idempotency_key"),
                JsonState.read(row.getString("options")),
                row.getInt("queued") == 1,
                JsonCodec.readIfPossible("run " + id, "error", row.getString("error"), TEXT));
    }

    // ---- back into the queue

    /** Whether a run of a process goes back to the queue instead of ending like this. */
    boolean isRepeated(Handle handle, StoredRun end) {
        if (end.parentRunId() != null || !mayBeRepeated(end) || !isClaimed(handle, end.runId())) {
            return false;
        }
        return find(handle, end.runId())
                .filter(place -> place.hasAttemptsLeft() || isHandedOver(end))
                .filter(_ -> isUnasked(handle, end.runId()))
                .isPresent();
    }

    private static boolean mayBeRepeated(StoredRun end) {
        var failure = end.failure();
        var cause = end.cause();
        return switch (end.status()) {
            case ERROR -> failure == null || failure.guardrail() == null;
            case CANCELLED ->
                cause != null && (cause.kind() == CancelKind.LEASE_LOST || cause.kind() == CancelKind.SHUTDOWN);
            default -> false;
        };
    }

    /** A process that ends in order has not failed: the execution does not count. */
    private static boolean isHandedOver(StoredRun end) {
        var cause = end.cause();
        return cause != null && cause.kind() == CancelKind.SHUTDOWN;
    }

    private static boolean isUnasked(Handle handle, String runId) {
        return handle.createQuery("select 1 from rein_runs where run_id = :id and asked is null")
                .bind("id", runId)
                .mapTo(Integer.class)
                .findOne()
                .isPresent();
    }

    /**
     * Returns a run to the queue that has ended in its process.
     *
     * @return the run as it is now; empty if it is not that process's any more
     */
    Optional<StoredRun> repeat(Handle handle, StoredRun end) {
        var isMine = runs.lock(handle, dialect, end.runId())
                .filter(row -> row.epoch() == end.epoch() && !row.status().isTerminal())
                .isPresent();
        if (!isMine) {
            return Optional.empty();
        }
        var failure = end.failure();
        var wait = end.status() == RunStatus.ERROR
                ? find(handle, end.runId()).orElseThrow().nextBackoff()
                : Duration.ZERO;
        putBack(handle, end.runId(), wait.toMillis(), isHandedOver(end), failure == null ? null : failure.describe());
        return runs.find(handle, end.runId());
    }

    /** Returns the run of a dead owner to the queue. @return false if it may not be executed again */
    boolean repeatLost(Handle handle, StoredRun run, String why) {
        if (!isClaimed(handle, run.runId())
                || find(handle, run.runId()).filter(QueuedRun::hasAttemptsLeft).isEmpty()) {
            return false;
        }
        putBack(handle, run.runId(), 0, false, why);
        return true;
    }

    /** @return false if the claim is not the latest one, or the run has ended */
    boolean unclaim(Handle handle, Claim claim, long delayMillis) {
        var run = claim.run();
        var isMine = runs.lock(handle, dialect, run.runId())
                .filter(row -> row.epoch() == run.epoch() && Objects.equals(row.owner(), run.owner()))
                .filter(row -> !row.status().isTerminal())
                .isPresent();
        if (isMine) {
            putBack(handle, run.runId(), delayMillis, true, null);
        }
        return isMine;
    }

    /** The row of the run is locked. */
    private void putBack(Handle handle, String runId, long delayMillis, boolean uncounted, @Nullable String error) {
        handle.createUpdate("""
            update rein_runs set status = 'PENDING', cause = null, mode = null, failure = null, owner = null, epoch = epoch + 1
            where run_id = :id\
            """).bind("id", runId).execute();
        handle.createUpdate("""
            update rein_queue set queued = 1, available_at = %s + :delay, attempt = attempt - :uncounted,
                error = coalesce(:error, error)
            where run_id = :id\
            """.formatted(dialect.currentMillis))
                .bind("delay", delayMillis)
                .bind("uncounted", uncounted ? 1 : 0)
                .bind("error", JsonCodec.jsonOrNull(error))
                .bind("id", runId)
                .execute();
    }

    /**
     * Somebody continues a paused run: from now on it is like a run that is not durable, because only the process that has been given the
     * decisions knows how it goes on.
     */
    void continued(Handle handle, String runId) {
        handle.createUpdate("update rein_queue set queued = 2 where run_id = :id")
                .bind("id", runId)
                .execute();
    }

    private static boolean isClaimed(Handle handle, String runId) {
        return handle.createQuery("select 1 from rein_queue where run_id = :id and queued = 0")
                .bind("id", runId)
                .mapTo(Integer.class)
                .findOne()
                .isPresent();
    }

    /** The run has ended: nobody claims it any more. */
    void leave(Handle handle, String runId) {
        handle.createUpdate("update rein_queue set queued = 0 where run_id = :id and queued = 1")
                .bind("id", runId)
                .execute();
    }

    // ---- fences

    /** Whether a tree of runs is that of a durable run which the owner of a run below it has not, or no longer. */
    boolean isLost(Handle handle, StoredRun child) {
        return handle.createQuery("""
            select 1 from rein_queue place join rein_runs run on run.run_id = place.run_id
            where place.run_id = :root and (run.owner is null or run.owner <> :owner)\
            """)
                .bind("root", ColumnText.id("root run's id", child.rootRunId()))
                .bind("owner", child.owner() == null ? "" : child.owner())
                .mapTo(Integer.class)
                .findOne()
                .isPresent();
    }
}
