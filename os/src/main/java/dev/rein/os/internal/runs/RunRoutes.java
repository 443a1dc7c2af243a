package dev.rein.os.internal.runs;

import dev.rein.os.internal.route.HttpCall;
import dev.rein.os.internal.route.Param;
import dev.rein.os.internal.route.Problem;
import dev.rein.os.internal.route.Route;
import dev.rein.os.internal.wire.DecisionParser;
import dev.rein.os.internal.wire.EventOptions;
import dev.rein.os.internal.wire.EventWire;
import dev.rein.os.internal.wire.RunWire;
import dev.rein.os.internal.wire.WireJson;
import dev.rein.run.ComponentKind;
import dev.rein.run.Decision;
import dev.rein.run.Requirement;
import dev.rein.run.RunStatus;
import dev.rein.runtime.Component;
import dev.rein.runtime.DisconnectPolicy;
import dev.rein.runtime.RunHandle;
import dev.rein.session.RunQuery;
import dev.rein.session.StoredRun;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Routes that start, list, fetch, continue and resume runs; the same for agents, teams and workflows. */
public final class RunRoutes {
    private static final long LAST_INDEX = Integer.MAX_VALUE;

    private final ComponentKind kind;
    private final ComponentRegistry registry;
    private final RunService runs;
    private final OpenStreams streams;
    private final StoreAccess stored;
    private final RunWire wire;

    public RunRoutes(
            ComponentKind kind,
            ComponentRegistry registry,
            RunService runs,
            OpenStreams streams,
            StoreAccess stored,
            RunWire wire) {
        this.kind = kind;
        this.registry = registry;
        this.runs = runs;
        this.streams = streams;
        this.stored = stored;
        this.wire = wire;
    }

    public List<Route> routes() {
        var base = ComponentRegistry.path(kind) + "/runs";
        var one = base + "/{run_id}";
        var tag = ComponentRegistry.title(kind) + "s";
        var routes = new ArrayList<Route>();
        routes.add(Route.post(base, tag, "Start a run", this::start)
                .takes(RunRequest.PARAMS.toArray(Param[]::new))
                .answers(Map.of(200, "RunStream", 202, "RunAccepted"))
                .fails(400, 404, 409, 422, 429));
        routes.add(Route.get(base, tag, "List the runs of a session", this::list)
                .takes(
                        Param.query("session_id").require(),
                        Param.query("status").type(Param.Type.STATUS))
                .answers(200, "RunList")
                .fails(400, 404, 422));
        routes.add(Route.get(one, tag, "Get a run", this::get)
                .takes(Param.query("session_id").require())
                .answers(200, "Run")
                .fails(404, 422));
        routes.add(Route.post(one + "/continue", tag, "Continue a paused run", this::continueRun)
                .takes(
                        Param.form(decisionField()).description("JSON array of the requirements with decisions"),
                        Param.form("session_id").id(),
                        Param.form("user_id").id(),
                        Param.form("stream").flag(true),
                        Param.form("background").flag(false))
                .answers(200, "RunStream")
                .fails(400, 404, 409, 422, 429));
        routes.add(Route.post(one + "/resume", tag, "Resume the event stream of a run", this::resume)
                .takes(
                        Param.form("last_event_index").integer(),
                        Param.form("session_id").id())
                .answers(200, "RunStream")
                .fails(404, 422));
        return routes;
    }

    /** Isolated callers must name the session, so that a guessed run id alone is not enough. */
    static void requireOwnSession(HttpCall call) {
        if (call.caller().isolated() && call.text("session_id") == null) {
            throw Problem.badRequest("session_id is required for this action");
        }
    }

    private Component component(HttpCall call) {
        return registry.get(kind, call.path(ComponentRegistry.idName(kind)));
    }

    // ---- start

    private void start(HttpCall call) throws Exception {
        var component = component(call);
        var request = RunRequest.of(call);
        if (request.background() && !stored.has(component)) {
            throw Problem.badRequest("Background execution requires a database to be configured on the "
                    + kind.name().toLowerCase(Locale.ROOT));
        }
        if (call.text("session_id") != null) {
            stored.requireSession(component, request.sessionId(), request.userId(), call.caller());
        }
        if (!request.stream()) {
            var run = runs.start(component, request);
            call.ofRun(run.id());
            if (request.background()) {
                accepted(call, run.id(), request.sessionId(), RunStatus.PENDING);
            } else {
                call.answer(wire.of(run.await()));
            }
            return;
        }
        var options = EventOptions.all().withEventIndex(request.background()).streamEvents(request.streamEvents());
        streams.answer(
                call.http(),
                () -> {
                    var run = runs.start(component, request);
                    call.ofRun(run.id());
                    return run;
                },
                run -> follow(call, run, -1, options, request.onDisconnect()));
    }

    private static void accepted(HttpCall call, String runId, String sessionId, RunStatus status) {
        var answer = WireJson.object().put("run_id", runId).put("session_id", sessionId);
        call.answer(202, answer.put("status", RunStatuses.shown(status)));
    }

    /**
     * Streams a run's events after index {@code after} to the client and applies the disconnect policy when the client
     * leaves or falls behind.
     */
    private void follow(HttpCall call, RunHandle run, long after, EventOptions options, DisconnectPolicy onDisconnect) {
        try (var events = run.events(after)) {
            var sse = streams.open(call.http());
            var end = sse.sendAll(events, new EventWire(registry.catalog(), run::output, options));
            if (end != SseResponse.End.COMPLETED) {
                runs.clientDisconnected(run, onDisconnect);
            }
            if (end == SseResponse.End.EXPIRED) {
                ResumedStream.expired(sse, run);
            }
        } catch (IOException e) {
            runs.clientDisconnected(run, onDisconnect);
        }
    }

    // ---- list and fetch

    private void list(HttpCall call) {
        var component = component(call);
        var session = call.required("session_id");
        var query = RunQuery.of(session);
        var status = call.text("status");
        if (status != null) {
            var statuses = RunStatuses.parse(List.of(status));
            if (statuses.isEmpty()) {
                call.answer(WireJson.array());
                return;
            }
            query = query.statuses(statuses);
        }
        var all = WireJson.array();
        for (var run : stored.runs(component, query, call.caller())) {
            all.add(stored.entry(wire, component, run));
        }
        call.answer(all);
    }

    private void get(HttpCall call) {
        var component = component(call);
        var runId = call.path("run_id");
        call.ofRun(runId);
        var session = call.required("session_id");
        var here = stored.live(runs, component, runId, call.caller())
                .filter(each -> session.equals(each.output().sessionId()));
        // For an ended run the store also has the events.
        var run = here.isPresent() && !here.get().status().isTerminal()
                ? Optional.<StoredRun>empty()
                : stored.run(component, runId, call.caller()).filter(each -> session.equals(each.sessionId()));
        if (run.isPresent() && (here.isEmpty() || run.get().status().isTerminal())) {
            call.answer(stored.full(wire, component, run.get()));
        } else {
            call.answer(wire.of(
                    here.orElseThrow(() -> Problem.notFound("Run not found")).output()));
        }
    }

    // ---- continue

    private String decisionField() {
        return switch (kind) {
            case AGENT -> "tools";
            case TEAM -> "requirements";
            default -> "step_requirements";
        };
    }

    private List<Decision> decisions(HttpCall call, List<Requirement> open) {
        var field = call.text(decisionField());
        try {
            return switch (kind) {
                case AGENT -> DecisionParser.tools(field, open);
                case TEAM -> DecisionParser.requirements(field, open);
                default -> DecisionParser.stepRequirements(field, open);
            };
        } catch (IllegalArgumentException e) {
            throw Problem.badRequest(String.valueOf(e.getMessage()));
        }
    }

    /** Whether the run exists, but in another session than the request names. */
    private boolean isOfAnotherSession(HttpCall call, Component component, String runId) {
        var named = call.text("session_id");
        if (named == null) {
            return false;
        }
        return stored.live(runs, component, runId, call.caller())
                .map(run -> run.output().sessionId())
                .or(() -> stored.run(component, runId, call.caller()).map(StoredRun::sessionId))
                .filter(session -> !named.equals(session))
                .isPresent();
    }

    private void continueRun(HttpCall call) throws Exception {
        var component = component(call);
        var runId = call.path("run_id");
        call.ofRun(runId);
        if (call.text("session_id") == null) {
            throw Problem.badRequest("session_id is required for this action");
        }
        // Unreadable decisions are refused whether or not the run exists.
        decisions(call, List.of());
        var notFound = kind == ComponentKind.WORKFLOW ? "Run not found" : "No runs found for run ID " + runId;
        if (isOfAnotherSession(call, component, runId)) {
            throw Problem.notFound(notFound);
        }
        var waiting = PausedRun.find(runs, stored, component, runId, call.caller(), notFound);
        var decisions = decisions(call, waiting.open());
        if (call.flag("stream")) {
            var policy = call.flag("background") ? DisconnectPolicy.CONTINUE : DisconnectPolicy.CANCEL;
            // The run stays paused while a decision is missing: repeat the pause event instead of sending nothing.
            var waits = decisions.size() < waiting.open().size();
            var after = waits ? waiting.lastIndex() - 1 : waiting.lastIndex();
            streams.answer(
                    call.http(),
                    () -> runs.continueRun(component, runId, stored.of(component), decisions, call.flag("background")),
                    run -> follow(call, run, after, EventOptions.all().withEventIndex(true), policy));
            return;
        }
        var run = runs.continueRun(component, runId, stored.of(component), decisions, call.flag("background"));
        if (call.flag("background")) {
            accepted(call, runId, call.required("session_id"), run.status());
        } else {
            call.answer(wire.of(run.await()));
        }
    }

    // ---- resume

    private void resume(HttpCall call) {
        var component = component(call);
        requireOwnSession(call);
        var runId = call.path("run_id");
        call.ofRun(runId);
        var given = call.integer("last_event_index");
        var after = given == null ? -1 : Math.clamp(given, -1, LAST_INDEX);
        var isElsewhere = isOfAnotherSession(call, component, runId);
        streams.answer(call.http(), () -> stored.live(runs, component, runId, call.caller()), found -> {
            try {
                var sse = streams.open(call.http());
                if (isElsewhere) {
                    notFound(runId, sse);
                } else if (found.isEmpty()) {
                    replay(call, component, runId, after, sse);
                } else {
                    follow(call, component, found.get(), after, sse);
                }
            } catch (IOException e) {
                // The client has disconnected; nothing was started for it.
            }
        });
    }

    private void follow(HttpCall call, Component component, RunHandle run, long after, SseResponse sse)
            throws IOException {
        if (new ResumedStream(registry.catalog(), run, after).send(sse) == SseResponse.End.NOT_IN_MEMORY) {
            var row = stored.run(component, run.id(), call.caller());
            if (row.isPresent()) {
                stored.replay(wire, component, row.get(), after, sse);
            } else {
                ResumedStream.expired(sse, run);
            }
        }
    }

    /** Replays the stored events of a run, or reports that there is no such run. */
    private void replay(HttpCall call, Component component, String runId, long after, SseResponse sse)
            throws IOException {
        var row = stored.run(component, runId, call.caller());
        if (row.isPresent()) {
            stored.replay(wire, component, row.get(), after, sse);
        } else {
            notFound(runId, sse);
        }
    }

    private static void notFound(String runId, SseResponse sse) throws IOException {
        var error = WireJson.object()
                .put("event", "error")
                .put("error", "Run " + runId + " not found in buffer or database");
        sse.write(ControlFrames.sse(error));
        sse.flush();
    }
}
