package dev.rein.os.internal.runs;

import dev.rein.os.ServerLimits;
import dev.rein.os.internal.route.Caller;
import dev.rein.os.internal.route.HttpCall;
import dev.rein.os.internal.route.Input;
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
import dev.rein.run.RunData;
import dev.rein.run.RunStatus;
import dev.rein.runtime.Component;
import dev.rein.runtime.DisconnectPolicy;
import dev.rein.runtime.RunHandle;
import dev.rein.runtime.StreamExpiredException;
import dev.rein.session.RunQuery;
import dev.rein.session.StoredRun;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Routes that start, list, fetch, continue and resume runs; the same for agents, teams and workflows. */
public final class RunRoutes {
    private static final long LAST_INDEX = Integer.MAX_VALUE;

    /** The length of the decisions of a request, which repeat the arguments of tool calls. */
    private static final int MAX_DECISIONS = 1 << 20;

    private final ComponentKind kind;
    private final ComponentRegistry registry;
    private final RunService runs;
    private final OpenStreams streams;
    private final StoreAccess stored;
    private final RunWire wire;
    private final DisconnectPolicy onDisconnect;
    private final ServerLimits limits;

    /** @param onDisconnect what happens to a run in the foreground that is streamed to a client that disconnects */
    public RunRoutes(
            ComponentKind kind,
            ComponentRegistry registry,
            RunService runs,
            OpenStreams streams,
            StoreAccess stored,
            RunWire wire,
            DisconnectPolicy onDisconnect,
            ServerLimits limits) {
        this.kind = kind;
        this.registry = registry;
        this.runs = runs;
        this.streams = streams;
        this.stored = stored;
        this.wire = wire;
        this.onDisconnect = onDisconnect;
        this.limits = limits;
    }

    public List<Route> routes() {
        var base = ComponentRegistry.path(kind) + "/runs";
        var one = base + "/{run_id}";
        var tag = ComponentRegistry.title(kind) + "s";
        var routes = new ArrayList<Route>();
        routes.add(Route.post(base, tag, "Start a run", this::start)
                .takes(RunRequest.params(limits.messageCharacters()).toArray(Param[]::new))
                .takes(durableParams())
                .answers(Map.of(200, "RunStream", 202, "RunAccepted"))
                .fails(400, 404, 409, 422, 429));
        routes.add(Route.get(base, tag, "List the runs of a session", this::list)
                .takes(
                        Param.query("session_id").require(),
                        Param.query("status")
                                .type(Param.Type.STATUS)
                                .description("Status to filter by, case-insensitive. Default: all except foreground"
                                        + " runs in progress"))
                .takes(RunPage.params())
                .answers(200, "RunList")
                .fails(400, 404, 422));
        routes.add(Route.get(one, tag, "Get a run", this::get)
                .takes(Param.query("session_id").require())
                .answers(200, "Run")
                .fails(404, 422));
        var continuing = Route.post(
                        one + "/continue",
                        tag,
                        kind == ComponentKind.WORKFLOW ? "Continue a paused run" : "Continue a paused or ended run",
                        this::continueRun)
                .takes(Param.form(decisionField())
                        .upTo(MAX_DECISIONS)
                        .description("JSON array of the requirements of a paused run, with decisions"));
        if (kind != ComponentKind.WORKFLOW) {
            continuing = continuing.takes(Param.form("input")
                    .upTo(limits.messageCharacters())
                    .description("Message that follows up an ended run: starts a new run of the same session"));
        }
        routes.add(continuing
                .takes(
                        Param.form("session_id").id(),
                        Param.form("user_id").id(),
                        Param.form("stream").flag(true),
                        Param.form("background").flag(false))
                .takes(durableParams())
                .answers(200, "RunStream")
                .fails(400, 404, 409, 422, 429));
        routes.add(Route.post(one + "/resume", tag, "Resume the event stream of a run", this::resume)
                .takes(resumption(Param.Place.FORM))
                .answers(200, "RunStream")
                .fails(404, 422));
        routes.add(Route.get(one + "/resume", tag, "Resume the event stream of a run with an EventSource", this::resume)
                .takes(resumption(Param.Place.QUERY))
                .answers(Map.of(200, "RunStream", 204, ""))
                .fails(404, 422));
        return routes;
    }

    private Param[] durableParams() {
        return runs.hasDurableRuns() ? new Param[] {RunRequest.KEY} : new Param[0];
    }

    private static Param[] resumption(Param.Place place) {
        return new Param[] {
            Param.of(place, "last_event_index")
                    .integer()
                    .description("Index of the last event received; default: the header Last-Event-ID"),
            Param.of(place, "session_id").id()
        };
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
        start(call, component, RunRequest.of(call, component, onDisconnect), false);
    }

    private void start(HttpCall call, Component component, RunRequest request, boolean indexed) throws Exception {
        if (request.background() && !stored.has(component)) {
            throw Problem.badRequest("Background execution requires a database to be configured on the "
                    + kind.name().toLowerCase(Locale.ROOT));
        }
        if (call.text("session_id") != null) {
            stored.requireSession(component, request.sessionId(), request.userId(), call.caller());
        }
        if (runs.isDurable(request)) {
            startDurable(call, component, request);
            return;
        }
        if (!request.stream()) {
            var run = started(call, component, request);
            if (request.background()) {
                accepted(call, run.id(), request.sessionId(), RunStatus.PENDING);
            } else {
                call.answer(wire.of(run.await()));
            }
            return;
        }
        var sent = EventOptions.all()
                .withEventIndex(indexed || request.background())
                .streamEvents(request.streamEvents());
        streams.answer(
                call.http(),
                () -> started(call, component, request),
                run -> follow(call, run, () -> sent, request.onDisconnect()));
    }

    private void startDurable(HttpCall call, Component component, RunRequest request) {
        if (!request.stream()) {
            var run = runs.startDurable(component, request);
            call.ofRun(run.id());
            var now = request.idempotencyKey() == null ? null : run.output();
            var session = now == null ? null : now.sessionId();
            accepted(
                    call,
                    run.id(),
                    session == null ? request.sessionId() : session,
                    now == null ? RunStatus.PENDING : now.status());
            return;
        }
        streams.answer(
                call.http(),
                () -> {
                    var run = runs.startDurable(component, request);
                    call.ofRun(run.id());
                    var row = stored.run(component, run.id(), call.caller());
                    return new Queued(run, row.orElseThrow(() -> Problem.notFound("Run not found")));
                },
                queued -> follow(
                        call,
                        queued.run,
                        sse -> sendQueued(component, queued, call.caller(), sse),
                        request.onDisconnect()));
    }

    /** A durable run that is streamed from its first event on. */
    private record Queued(RunHandle run, StoredRun row) {}

    private SseResponse.End sendQueued(Component component, Queued queued, Caller caller, SseResponse sse) {
        var options = EventOptions.of(queued.row).withEventIndex(true);
        var id = queued.run.id();
        var frames = stored.framesAnywhere(
                wire,
                component,
                queued.row,
                options,
                rest -> runs.find(id, kind, component, caller)
                        .map(run -> new EventWire(registry.catalog(), run::output, rest)));
        try (var events = queued.run.events(options.readAfter())) {
            return sse.sendAll(id, events, frames::apply);
        }
    }

    private RunHandle started(HttpCall call, Component component, RunRequest request) {
        var run = runs.start(component, request);
        call.ofRun(run.id());
        Input.keepUntil(call.http(), () -> !RecentRuns.isExecuting(run));
        return run;
    }

    private static void accepted(HttpCall call, String runId, String sessionId, RunStatus status) {
        var answer = WireJson.object().put("run_id", runId).put("session_id", sessionId);
        call.answer(202, answer.put("status", RunStatuses.shown(status)));
    }

    /**
     * Streams a run's events to the client and applies the disconnect policy when the client leaves or falls behind.
     */
    private void follow(HttpCall call, RunHandle run, Supplier<EventOptions> reader, DisconnectPolicy onDisconnect) {
        follow(call, run, sse -> send(run, reader, sse), onDisconnect);
    }

    private void follow(
            HttpCall call,
            RunHandle run,
            Function<SseResponse, SseResponse.End> sender,
            DisconnectPolicy onDisconnect) {
        try (var _ = runs.follow(run)) {
            var completed = false;
            try {
                var sse = streams.open(call.http());
                var end = sender.apply(sse);
                completed = end == SseResponse.End.COMPLETED;
                if (end == SseResponse.End.EXPIRED) {
                    runs.clientDisconnected(run, onDisconnect);
                    ResumedStream.expired(sse, run);
                }
            } catch (IOException e) {
                // The client has disconnected.
            } finally {
                if (!completed) {
                    runs.clientDisconnected(run, onDisconnect);
                }
            }
        }
    }

    private SseResponse.End send(RunHandle run, Supplier<EventOptions> reader, SseResponse sse) {
        EventOptions options;
        try {
            options = reader.get();
        } catch (StreamExpiredException e) {
            return SseResponse.End.EXPIRED;
        }
        try (var events = run.events(options.after())) {
            return sse.sendAll(run.id(), events, new EventWire(registry.catalog(), run::output, options)::frames);
        }
    }

    // ---- list and fetch

    private void list(HttpCall call) {
        var component = component(call);
        var session = call.required("session_id");
        var query = RunQuery.of(session).component(component.kind(), component.id());
        var status = call.text("status");
        if (status != null) {
            var statuses = RunStatuses.parse(List.of(status));
            if (statuses.isEmpty()) {
                call.answer(WireJson.array());
                return;
            }
            query = query.statuses(statuses);
        }
        var store = stored.ofSession(component, session, call.caller());
        if (store == null) {
            call.answer(WireJson.array());
            return;
        }
        RunPage.answer(
                call,
                store,
                query,
                limits.pageBytes(),
                root -> stored.run(component, root.runId(), call.caller())
                        .filter(run -> status != null || runs.isListed(run))
                        .map(run -> List.of(stored.entry(wire, component, run)))
                        .orElse(List.of()));
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
        var input = kind == ComponentKind.WORKFLOW ? null : call.text("input");
        if (input != null && !input.isBlank()) {
            followUp(call, component, runId, input, notFound);
            return;
        }
        var waiting = PausedRun.find(runs, stored, component, runId, call.caller(), notFound);
        var decisions = decisions(call, waiting.open());
        var dependencies = RunRequest.dependencies(call);
        if (call.flag("stream")) {
            var policy = call.flag("background") ? DisconnectPolicy.CONTINUE : onDisconnect;
            // The run stays paused while a decision is missing: repeat the pause event instead of sending nothing.
            var waits = decisions.size() < waiting.undecided();
            var after = waits ? waiting.lastIndex() - 1 : waiting.lastIndex();
            streams.answer(
                    call.http(),
                    () -> runs.continueRun(
                            component, runId, stored.of(component), decisions, dependencies, call.flag("background")),
                    run -> follow(call, run, () -> FrameNumbers.afterEvent(run, after, stored.of(component)), policy));
            return;
        }
        var run = runs.continueRun(
                component, runId, stored.of(component), decisions, dependencies, call.flag("background"));
        if (call.flag("background")) {
            accepted(call, runId, call.required("session_id"), run.status());
        } else {
            call.answer(wire.of(run.await()));
        }
    }

    /** Starts a new run with a further message in the session of an ended run, which it sees. */
    private void followUp(HttpCall call, Component component, String runId, String input, String notFound)
            throws Exception {
        if (Boolean.parseBoolean(call.others().get("regenerate"))
                || !"end"
                        .equals(call.others()
                                .getOrDefault("continue_from", "end")
                                .strip())) {
            throw Problem.badRequest("A run is followed up from its end: leave out regenerate and continue_from");
        }
        var here = stored.live(runs, component, runId, call.caller()).map(RunHandle::output);
        var row = here.isPresent() ? Optional.<StoredRun>empty() : stored.run(component, runId, call.caller());
        var run = here.<RunData>map(output -> output).or(() -> row).orElseThrow(() -> Problem.notFound(notFound));
        if (run.status() == RunStatus.PAUSED) {
            throw Problem.badRequest("run " + runId + " is paused: send decisions in " + decisionField()
                    + " and no input, which follows up a run that has ended");
        }
        if (!run.status().isTerminal()) {
            throw Problem.conflict("run is " + RunStatuses.shown(run.status()).toLowerCase(Locale.ROOT)
                    + ": follow it up when it has ended");
        }
        var request = RunRequest.followUp(call, run, input, onDisconnect);
        start(call, component, request, true);
    }

    // ---- resume

    /** The index of the last event that a client of the resume route has received; -1 for none. */
    private static long lastIndex(HttpCall call) {
        var given = call.integer("last_event_index");
        if (given == null) {
            given = lastEventId(call);
        }
        return given == null ? -1 : Math.clamp(given, -1, LAST_INDEX);
    }

    /** What a browser that reconnects sends by itself; null if it is missing, or not an index of ours. */
    private static @Nullable Long lastEventId(HttpCall call) {
        var header = call.header("Last-Event-ID");
        try {
            return header == null ? null : Long.valueOf(header.strip());
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private void resume(HttpCall call) {
        var component = component(call);
        requireOwnSession(call);
        var runId = call.path("run_id");
        call.ofRun(runId);
        var after = lastIndex(call);
        var reconnects = call.isGet() && lastEventId(call) != null;
        var isElsewhere = isOfAnotherSession(call, component, runId);
        streams.answer(call.http(), () -> stored.live(runs, component, runId, call.caller()), found -> {
            try {
                if (reconnects && !isElsewhere && hasEndedAt(call, component, runId, found, after)) {
                    // Otherwise a browser would reconnect for ever.
                    call.done();
                    return;
                }
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

    /** Whether the run has ended and the client has received its last event. */
    private boolean hasEndedAt(
            HttpCall call, Component component, String runId, Optional<RunHandle> found, long after) {
        if (found.isPresent()) {
            var run = found.get();
            return run.status().isTerminal() && ResumedStream.nextFrame(run, stored.of(component)) <= after + 1;
        }
        var row = stored.run(component, runId, call.caller());
        return row.isPresent()
                && row.get().status().isTerminal()
                && stored.replay(wire, component, row.get(), after).count() == 0;
    }

    private void follow(HttpCall call, Component component, RunHandle run, long after, SseResponse sse)
            throws IOException {
        try (var _ = runs.follow(run)) {
            followOrReplay(call, component, run, after, sse);
        }
    }

    private void followOrReplay(HttpCall call, Component component, RunHandle run, long after, SseResponse sse)
            throws IOException {
        var resumed = new ResumedStream(
                registry.catalog(), run, after, () -> FrameNumbers.afterFrame(run, after, stored.of(component)));
        if (resumed.send(sse) == SseResponse.End.NOT_IN_MEMORY) {
            var row = stored.run(component, run.id(), call.caller());
            if (row.isPresent()) {
                ResumedStream.replay(run.id(), stored.replay(wire, component, row.get(), after), sse);
            } else {
                ResumedStream.expired(sse, run);
            }
        }
    }

    /** Replays the stored events of a run, or reports that there is no such run. */
    private void replay(HttpCall call, Component component, String runId, long after, SseResponse sse)
            throws IOException {
        var row = stored.run(component, runId, call.caller());
        if (row.isEmpty()) {
            notFound(runId, sse);
            return;
        }
        var options = stored.optionsElsewhere(component, row.get(), after);
        var events = runs.eventsElsewhere(row.get(), options.readAfter());
        if (events.isPresent()) {
            try (var following = events.get()) {
                var frames = stored.framesElsewhere(wire, component, row.get(), options);
                ResumedStream.follow(runId, following, frames::apply, sse);
            }
        } else {
            ResumedStream.replay(runId, stored.replay(wire, component, row.get(), after), sse);
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
