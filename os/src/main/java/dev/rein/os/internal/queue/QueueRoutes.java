package dev.rein.os.internal.queue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.os.internal.route.HttpCall;
import dev.rein.os.internal.route.Paging;
import dev.rein.os.internal.route.Param;
import dev.rein.os.internal.route.Problem;
import dev.rein.os.internal.route.Route;
import dev.rein.os.internal.runs.StoreAccess;
import dev.rein.os.internal.wire.RunMarks;
import dev.rein.os.internal.wire.WireJson;
import dev.rein.queue.PlaceQuery;
import dev.rein.queue.PlaceState;
import dev.rein.queue.QueuePlace;
import dev.rein.queue.RunQueue;
import dev.rein.run.RunFailure;
import dev.rein.session.StoredRun;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Routes that list and count the places in the queue of the server's store. */
public final class QueueRoutes {
    private static final String TAG = "Queue";

    /** How much of the input is shown, in characters. */
    private static final int SHOWN_INPUT = 2_000;

    private final StoreAccess stored;

    public QueueRoutes(StoreAccess stored) {
        this.stored = stored;
    }

    public List<Route> routes() {
        return List.of(
                Route.get("/queue/jobs", TAG, "List durable runs", this::list)
                        .takes(
                                Param.query("status")
                                        .list()
                                        .description("Status to filter by; may be repeated: " + names()),
                                Param.query("session_id"),
                                Param.query("user_id"),
                                Param.query("sort_by").defaultsTo("created_at").oneOf("created_at"),
                                Param.query("sort_order").defaultsTo("desc").oneOf("asc", "desc"))
                        .takes(Paging.params(20))
                        .answers(200, "PaginatedQueueJobs")
                        .fails(400, 422),
                Route.get("/queue/jobs/{job_id}", TAG, "Get a durable run by its id", this::get)
                        .answers(200, "QueueJob")
                        .fails(404),
                Route.get("/queue/stats", TAG, "Count durable runs", this::stats)
                        .answers(200, "QueueStats"));
    }

    private RunQueue queue() {
        if (stored.store() instanceof RunQueue queue) {
            return queue;
        }
        throw Problem.unsupported("Queue not available: the `store` of this AgentOS has none");
    }

    private static String name(PlaceState state) {
        return state.name().toLowerCase(Locale.ROOT);
    }

    private static String names() {
        return Arrays.stream(PlaceState.values()).map(QueueRoutes::name).collect(Collectors.joining(", "));
    }

    private static Set<PlaceState> states(HttpCall call) {
        var states = EnumSet.noneOf(PlaceState.class);
        for (var given : call.texts("status")) {
            states.add(Arrays.stream(PlaceState.values())
                    .filter(state -> name(state).equals(given.toLowerCase(Locale.ROOT)))
                    .findFirst()
                    .orElseThrow(() ->
                            Problem.badRequest("Invalid status '" + given + "'; expected one of (" + names() + ")")));
        }
        return states;
    }

    /** The user whose runs are listed: an isolated caller's own, else the one named; null for all users. */
    private static @Nullable String user(HttpCall call) {
        return call.caller().isolated() ? call.caller().userId() : call.text("user_id");
    }

    private static boolean seesNothing(HttpCall call) {
        return call.caller().isolated() && call.caller().userId() == null;
    }

    private void list(HttpCall call) {
        var startedAt = System.nanoTime();
        var query = PlaceQuery.all()
                .states(states(call))
                .sessionId(call.text("session_id"))
                .userId(user(call))
                .oldestFirst("asc".equals(call.text("sort_order")))
                .page(Paging.page(call), Paging.limit(call));
        var queue = queue();
        if (seesNothing(call)) {
            call.answer(Paging.empty(call));
            return;
        }
        var page = StoreAccess.orBadRequest(() -> queue.places(query));
        var data = WireJson.array();
        // One by one, because a run may hold megabytes.
        for (var place : page.items()) {
            queue.run(place.run().runId()).ifPresent(run -> data.add(json(place, run)));
        }
        call.answer(Paging.answer(data, page, startedAt));
    }

    private void get(HttpCall call) {
        var id = call.path("job_id");
        var queue = queue();
        var run = StoreAccess.orBadRequest(() -> queue.run(id))
                .filter(each -> call.caller().sees(each.userId()));
        var place = run.flatMap(_ -> queue.queued(id));
        if (run.isEmpty() || place.isEmpty()) {
            throw Problem.notFound("Job queue job " + id + " not found");
        }
        var state = PlaceState.of(run.get().status(), place.get().isQueued());
        call.answer(json(new QueuePlace(place.get(), state), run.get()));
    }

    private void stats(HttpCall call) {
        var queue = queue();
        var answer = WireJson.object();
        var counts = answer.putObject("counts");
        answer.putNull("oldest_queued_age_seconds");
        if (!seesNothing(call)) {
            var one = PlaceQuery.all().userId(user(call)).oldestFirst(true).page(1, 1);
            for (var state : PlaceState.values()) {
                var page = queue.places(one.states(Set.of(state)));
                if (page.total() > 0) {
                    counts.put(name(state), page.total());
                }
                if (state == PlaceState.QUEUED && !page.items().isEmpty()) {
                    queue.run(page.items().getFirst().run().runId())
                            .ifPresent(run -> answer.put("oldest_queued_age_seconds", age(run)));
                }
            }
        }
        call.answer(answer);
    }

    private static long age(StoredRun run) {
        return Math.max(0, Duration.between(run.createdAt(), Instant.now()).toSeconds());
    }

    private static ObjectNode json(QueuePlace place, StoredRun run) {
        var queued = place.run();
        var ended = run.endedAt();
        var key = RunMarks.key(run);
        var text = run.input().text();
        var json = WireJson.object()
                .put("id", run.runId())
                .put("component_type", run.source().name().toLowerCase(Locale.ROOT))
                .put("component_id", run.componentId())
                .put("session_id", run.sessionId())
                .put("job_type", "run")
                .put("user_id", run.userId());
        json.putObject("payload").put("input", text.length() <= SHOWN_INPUT ? text : text.substring(0, SHOWN_INPUT));
        var available = queued.availableAt();
        return json.put("status", name(place.state()))
                .put("attempt", queued.attempt())
                .put("max_attempts", queued.attempts())
                .put("idempotency_key", key == null ? queued.idempotencyKey() : key)
                .put("available_at", (available == null ? run.createdAt() : available).getEpochSecond())
                .put("locked_by", run.owner())
                .putNull("locked_at")
                .put("error", error(place, run.failure()))
                .put("created_at", run.createdAt().getEpochSecond())
                .putNull("updated_at")
                .put("completed_at", ended == null ? null : (Long) ended.getEpochSecond());
    }

    private static @Nullable String error(QueuePlace place, @Nullable RunFailure failure) {
        return place.state() == PlaceState.FAILED && failure != null
                ? failure.describe()
                : place.run().error();
    }
}
