package dev.rein.os.internal.runs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.cancel.CancelRequest;
import dev.rein.os.internal.route.HttpCall;
import dev.rein.os.internal.route.Param;
import dev.rein.os.internal.route.Problem;
import dev.rein.os.internal.route.Route;
import dev.rein.os.internal.wire.WireJson;
import dev.rein.run.CancelResult;
import dev.rein.run.CancelResult.Outcome;
import dev.rein.run.ComponentKind;
import dev.rein.run.LiveRun;
import dev.rein.run.RunStatus;
import dev.rein.runtime.RunHandle;
import dev.rein.runtime.Runs;
import dev.rein.session.StoredRun;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Routes that cancel one run, or those of a session, of a user or all, and that list live runs. */
public final class CancelRoutes {
    private static final String[] MODES = {"now", "after_tools", "after_turn", "after_step"};
    private static final long MAX_WAIT_MILLIS = 60_000;

    private final ComponentRegistry registry;
    private final Runs runs;
    private final RunCanceller canceller;
    private final int longestReason;
    private final RunsOfOthers elsewhere;

    /** @param longestReason the maximum length of a reason */
    public CancelRoutes(
            ComponentRegistry registry, Runs runs, RunService service, StoreAccess stored, int longestReason) {
        this.longestReason = longestReason;
        this.registry = registry;
        this.runs = runs;
        this.elsewhere = new RunsOfOthers(runs);
        this.canceller = new RunCanceller(service, stored);
    }

    public List<Route> routes() {
        var routes = new ArrayList<Route>();
        for (var kind : List.of(ComponentKind.AGENT, ComponentKind.TEAM, ComponentKind.WORKFLOW)) {
            routes.add(Route.post(
                            ComponentRegistry.path(kind) + "/runs/{run_id}/cancel",
                            ComponentRegistry.title(kind) + "s",
                            "Cancel a run",
                            call -> cancel(call, kind))
                    .takes(params(Param.Place.QUERY))
                    .takes(params(Param.Place.FORM))
                    .takes(Param.query("session_id"), Param.form("session_id").id())
                    .answers(200, "CancelResult")
                    .fails(404, 422));
        }
        routes.add(Route.post(
                        "/runs/{run_id}/cancel",
                        "Runs",
                        "Cancel a live run of any component, such as the run of a member that is not served by itself",
                        this::cancelLive)
                .takes(params(Param.Place.QUERY))
                .takes(params(Param.Place.FORM))
                .takes(Param.query("session_id"), Param.form("session_id").id())
                .answers(200, "CancelResult")
                .fails(400, 404, 422));
        routes.add(Route.post(
                        "/runs/cancel",
                        "Runs",
                        "Cancel the runs of a session, of a user, or all runs",
                        this::cancelMany)
                .takes(params(Param.Place.QUERY))
                .takes(params(Param.Place.FORM))
                .takes(selection(Param.Place.QUERY))
                .takes(selection(Param.Place.FORM))
                .answers(200, "CancelResults")
                .fails(400, 422));
        routes.add(Route.get(
                        "/runs",
                        "Runs",
                        "List live runs, those of other processes that share the store included",
                        this::list)
                .takes(
                        Param.query("status")
                                .type(Param.Type.STATUS)
                                .description("Status to filter by, case-insensitive; default: all"),
                        Param.query("session_id"),
                        Param.query("user_id"))
                .answers(200, "LiveRuns")
                .fails(400, 422));
        return routes;
    }

    private Param[] params(Param.Place place) {
        return new Param[] {
            Param.of(place, "mode")
                    .type(Param.Type.NAME)
                    .oneOf(MODES)
                    .description("What may finish before the run stops; default: now"),
            Param.of(place, "reason").upTo(longestReason).description("Reason, stored with the run"),
            Param.of(place, "seen_up_to")
                    .integer()
                    .description("Index of the last event that the user has seen or heard; text of later events is left"
                            + " out of the stopped run and of what later runs of its session see"),
            Param.of(place, "wait").integer().description("Milliseconds to wait for the run to end; default: 0")
        };
    }

    private static Param[] selection(Param.Place place) {
        return new Param[] {
            Param.of(place, "session_id").id(),
            Param.of(place, "user_id").id(),
            Param.of(place, "all").type(Param.Type.BOOLEAN)
        };
    }

    private static CancelRequest request(HttpCall call) {
        return RunCanceller.request(
                call.text("mode"), call.text("reason"), call.integer("seen_up_to"), call.caller(), "http");
    }

    private void cancel(HttpCall call, ComponentKind kind) throws InterruptedException {
        var component = registry.get(kind, call.path(ComponentRegistry.idName(kind)));
        var runId = call.path("run_id");
        call.ofRun(runId);
        RunRoutes.requireOwnSession(call);
        var request = request(call);
        var cancelled = canceller.cancel(List.of(component), runId, call.text("session_id"), call.caller(), request);
        if (cancelled == null) {
            throw Problem.notFound("Run not found");
        }
        if (cancelled.run() != null) {
            await(cancelled.run(), deadline(call));
            call.answer(answer(cancelled.result(), cancelled.run()));
        } else {
            var statuses = elsewhere.await(List.of(cancelled.result()), deadline(call));
            call.answer(answer(
                    cancelled.result(),
                    statuses.getOrDefault(runId, cancelled.result().status())));
        }
    }

    private void cancelLive(HttpCall call) throws InterruptedException {
        var runId = call.path("run_id");
        call.ofRun(runId);
        RunRoutes.requireOwnSession(call);
        var session = call.text("session_id");
        var request = request(call);
        var run = runs.find(runId)
                .filter(each -> call.caller().sees(each.userId()))
                .filter(each -> session == null || session.equals(each.sessionId()))
                .flatMap(each -> runs.handle(runId));
        if (run.isPresent()) {
            var result = run.get().cancel(request);
            await(run.get(), deadline(call));
            call.answer(answer(result, run.get()));
            return;
        }
        var other = elsewhere.live(call.caller(), session, null).stream()
                .filter(each -> each.runId().equals(runId))
                .findFirst()
                .orElseThrow(() -> Problem.notFound("Run not found"));
        var result = runs.cancel(other.runId(), request);
        var statuses = elsewhere.await(List.of(result), deadline(call));
        call.answer(answer(result, statuses.getOrDefault(runId, result.status())));
    }

    /**
     * The deadline for waiting until the cancelled runs have ended, by {@link System#nanoTime}; shared by all runs of
     * the request.
     */
    private static long deadline(HttpCall call) {
        var millis = call.integer("wait");
        var most = millis == null ? 0 : Math.clamp(millis, 0, MAX_WAIT_MILLIS);
        return System.nanoTime() + Duration.ofMillis(most).toNanos();
    }

    private static void await(RunHandle run, long deadline) throws InterruptedException {
        var left = deadline - System.nanoTime();
        if (left > 0) {
            try {
                run.await(Duration.ofNanos(left));
            } catch (TimeoutException e) {
                // The response says that the run is still running.
            }
        }
    }

    /** @param now the run's current status; null if unknown */
    public static ObjectNode answer(CancelResult result, @Nullable RunStatus now) {
        // The outcome of a run is known slightly before its terminal record is stored and its status visible.
        var status = result.outcome() == Outcome.ALREADY_FINISHED ? result.status() : now;
        var answer = WireJson.object()
                .put("run_id", result.runId())
                .put("status", status == null ? null : RunStatuses.shown(status))
                .put("result", outcome(result, status))
                .put("effective", result.effective());
        if (result.note() != null) {
            answer.put("note", result.note());
        }
        return answer;
    }

    /** The answer for a run of this process; once the run has ended, with what the stop took and left. */
    private static ObjectNode answer(CancelResult result, RunHandle run) {
        var status = run.status();
        var answer = answer(result, status);
        if (status == RunStatus.CANCELLED) {
            var output = run.output();
            var took = output.stopTook();
            if (took != null) {
                answer.put("stop_seconds", took.toNanos() / 1e9);
            }
            var left = answer.putArray("abandoned");
            for (var thread : output.abandoned()) {
                var entry = left.addObject().put("what", thread.what()).put("thread", thread.thread());
                thread.stack().forEach(entry.putArray("stack")::add);
            }
        }
        return answer;
    }

    private static String outcome(CancelResult result, @Nullable RunStatus status) {
        return switch (result.outcome()) {
            case REQUESTED, UPGRADED -> "requested";
            // Either the run ended so long ago that only its events are kept, or it has not started yet.
            case REMEMBERED -> status != null && status.isTerminal() ? "already_finished" : "requested";
            case ALREADY_REQUESTED -> "already_requested";
            case ALREADY_FINISHED -> "already_finished";
        };
    }

    private void cancelMany(HttpCall call) throws InterruptedException {
        var session = call.text("session_id");
        var user = call.text("user_id");
        if (session == null && user == null && !call.flag("all")) {
            throw Problem.badRequest("Say which runs to stop: give session_id, user_id or all=true");
        }
        var request = request(call);
        var cancelled = new ArrayList<RunHandle>();
        var results = new ArrayList<CancelResult>();
        for (var run : visible(call, session, user)) {
            if (run.parentRunId() == null) {
                runs.handle(run.runId()).ifPresent(handle -> {
                    cancelled.add(handle);
                    results.add(handle.cancel(request));
                });
            }
        }
        var others = elsewhere.cancel(call.caller(), session, user, request);
        var answer = WireJson.object();
        var all = answer.putArray("results");
        var deadline = deadline(call);
        for (var i = 0; i < cancelled.size(); i++) {
            await(cancelled.get(i), deadline);
            all.add(answer(results.get(i), cancelled.get(i)));
        }
        var statuses = elsewhere.await(others, deadline);
        for (var result : others) {
            all.add(answer(result, statuses.getOrDefault(result.runId(), result.status())));
        }
        call.answer(answer);
    }

    /** The live runs of a session, of a user or all that the caller may see, oldest first. */
    private List<LiveRun> visible(HttpCall call, @Nullable String session, @Nullable String user) {
        var live = session != null ? runs.liveInSession(session) : user != null ? runs.liveOfUser(user) : runs.live();
        return live.stream()
                .filter(run -> user == null || user.equals(run.userId()))
                .filter(run -> call.caller().sees(run.userId()))
                .toList();
    }

    private void list(HttpCall call) {
        var status = call.text("status");
        var statuses = status == null ? null : RunStatuses.parse(List.of(status));
        var runs = WireJson.array();
        for (var run : visible(call, call.text("session_id"), call.text("user_id"))) {
            if (statuses == null || statuses.contains(run.status())) {
                runs.add(entry(run));
            }
        }
        for (var run : elsewhere.live(call.caller(), call.text("session_id"), call.text("user_id"))) {
            if (statuses == null || statuses.contains(run.status())) {
                runs.add(entry(run));
            }
        }
        call.answer(WireJson.object().set("data", runs));
    }

    private ObjectNode entry(LiveRun run) {
        var usage = run.metrics().usage();
        var entry = WireJson.object()
                .put("run_id", run.runId())
                .put("root_run_id", run.rootRunId())
                .put("parent_run_id", run.parentRunId())
                .put("type", run.source().name().toLowerCase(Locale.ROOT))
                .put("component_id", run.componentId())
                .put("session_id", run.sessionId())
                .put("user_id", run.userId())
                .put("status", RunStatuses.shown(run.status()))
                .put("stopping", run.status() == RunStatus.CANCELLING)
                .put("activity", run.activity())
                .put("activity_seconds", run.activityDuration().toMillis() / 1000.0)
                .put("priority", run.priority())
                .put("created_at", run.createdAt().toString())
                .put("process", "this")
                .put("input_tokens", usage.inputTokens())
                .put("output_tokens", usage.outputTokens())
                .put("total_tokens", usage.totalTokens())
                .put("tool_calls", run.metrics().toolCalls());
        if (run.metrics().cost() != null) {
            entry.put("cost", run.metrics().cost());
        }
        return named(entry, run.source(), run.componentId());
    }

    /** With the name of the component, if it has one and is known here. */
    private ObjectNode named(ObjectNode entry, ComponentKind kind, String id) {
        var name = registry.catalog().name(kind, id);
        return name == null ? entry : entry.put("component_name", name);
    }

    /** What it does and its priority are known to its own process only. */
    private ObjectNode entry(StoredRun run) {
        var entry = WireJson.object()
                .put("run_id", run.runId())
                .put("root_run_id", run.rootRunId())
                .put("parent_run_id", run.parentRunId())
                .put("type", run.source().name().toLowerCase(Locale.ROOT))
                .put("component_id", run.componentId())
                .put("session_id", run.sessionId())
                .put("user_id", run.userId())
                .put("status", RunStatuses.shown(run.status()))
                .put("stopping", run.status() == RunStatus.CANCELLING)
                .put("activity", run.owner() == null ? "in no process" : "in another process")
                .put(
                        "activity_seconds",
                        Math.max(
                                        0,
                                        Duration.between(run.createdAt(), Instant.now())
                                                .toMillis())
                                / 1000.0)
                .put("priority", 0)
                .put("created_at", run.createdAt().toString())
                .put("process", run.owner() == null ? "none" : "other");
        return named(entry, run.source(), run.componentId());
    }
}
