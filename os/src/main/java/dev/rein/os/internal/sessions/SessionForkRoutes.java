package dev.rein.os.internal.sessions;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.os.internal.route.HttpCall;
import dev.rein.os.internal.route.Param;
import dev.rein.os.internal.route.Problem;
import dev.rein.os.internal.route.Route;
import dev.rein.os.internal.runs.ComponentRegistry;
import dev.rein.os.internal.runs.StoreAccess;
import dev.rein.os.internal.wire.RunWire;
import dev.rein.os.internal.wire.WireJson;
import dev.rein.run.ComponentKind;
import dev.rein.runtime.Component;
import dev.rein.session.Session;
import dev.rein.session.StoredRun;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Routes that fork a session, list the checkpoints of a run, and compact a session. */
public final class SessionForkRoutes {
    private final ComponentRegistry registry;
    private final StoreAccess stored;
    private final SessionAccess scope;
    private final RunWire wire;

    public SessionForkRoutes(ComponentRegistry registry, StoreAccess stored, RunWire wire) {
        this.registry = registry;
        this.stored = stored;
        this.scope = new SessionAccess(stored);
        this.wire = wire;
    }

    public List<Route> routes() {
        var routes = new ArrayList<Route>();
        for (var kind : List.of(ComponentKind.AGENT, ComponentKind.TEAM)) {
            var base = ComponentRegistry.path(kind);
            var tag = ComponentRegistry.title(kind) + "s";
            routes.add(Route.post(base + "/sessions/{session_id}/fork", tag, "Fork a session", call -> fork(call, kind))
                    .takes(SessionAccess.USER)
                    .answers(200, "Fork")
                    .fails(404));
            var checkpoints = base + "/runs/{run_id}/checkpoints";
            routes.add(Route.get(checkpoints, tag, "List checkpoints of a run", call -> list(call, kind))
                    .takes(Param.query("session_id").require())
                    .answers(200, "Checkpoints")
                    .fails(404, 422));
            routes.add(Route.get(
                            checkpoints + "/{message_index}", tag, "Get a run at a checkpoint", call -> at(call, kind))
                    .takes(Param.query("session_id").require())
                    .answers(200, "Run")
                    .fails(404, 422));
        }
        routes.add(Route.post(
                        ComponentRegistry.path(ComponentKind.AGENT) + "/sessions/{session_id}/compact",
                        "Agents",
                        "Compact a session; not enabled",
                        this::compact)
                .takes(SessionAccess.USER)
                .answers(200, "Compaction")
                .fails(404));
        return routes;
    }

    private Component component(HttpCall call, ComponentKind kind) {
        return registry.get(kind, call.path(ComponentRegistry.idName(kind)));
    }

    private Session session(HttpCall call, ComponentKind kind) {
        var component = component(call, kind);
        return scope.find(call, call.path("session_id"))
                .filter(session ->
                        session.source() == kind && session.componentId().equals(component.id()))
                .orElseThrow(() -> Problem.notFound("Session not found"));
    }

    // ---- fork

    private void fork(HttpCall call, ComponentKind kind) {
        var session = session(call, kind);
        var id = UUID.randomUUID().toString();
        if (stored.store().fork(session.sessionId(), id).isEmpty()) {
            // It was deleted meanwhile.
            throw Problem.notFound("Session not found");
        }
        call.answer(WireJson.object().put("session_id", id).put("forked_from_session_id", session.sessionId()));
    }

    // ---- compact

    private void compact(HttpCall call) {
        session(call, ComponentKind.AGENT);
        var answer = WireJson.object()
                .put("status", "not_enabled")
                .put("message", "This agent does not sum up its sessions")
                .put("compacted", false);
        answer.putNull("record");
        answer.putNull("metrics");
        call.answer(answer);
    }

    // ---- checkpoints

    private StoredRun run(HttpCall call, ComponentKind kind) {
        var component = component(call, kind);
        var id = call.path("run_id");
        call.ofRun(id);
        return stored.run(component, id, call.caller())
                .filter(run -> call.required("session_id").equals(run.sessionId()))
                .orElseThrow(() -> Problem.notFound("Run not found"));
    }

    private void list(HttpCall call, ComponentKind kind) {
        var run = run(call, kind);
        var answer = WireJson.object().put("run_id", run.runId()).put("session_id", run.sessionId());
        var all = answer.putArray("checkpoints");
        if (run.status().isTerminal()) {
            all.add(end(run));
        }
        call.answer(answer);
    }

    /** The only checkpoint: the messages of a run are stored when it ends. */
    private static ObjectNode end(StoredRun run) {
        var index = run.messages().size();
        var at = run.endedAt() == null ? run.createdAt() : run.endedAt();
        return WireJson.object()
                .put("checkpoint_id", run.runId() + ":" + index)
                .put("run_id", run.runId())
                .put("session_id", run.sessionId())
                .put("message_index", index)
                .put("continue_from", "end")
                .put("status", run.status().name())
                .put("reason", "end")
                .put("created_at", at.getEpochSecond());
    }

    private void at(HttpCall call, ComponentKind kind) {
        var run = run(call, kind);
        var index = call.path("message_index");
        if (!run.status().isTerminal()
                || !index.equals(String.valueOf(run.messages().size()))) {
            throw Problem.notFound("Checkpoint not found");
        }
        call.answer(stored.full(wire, component(call, kind), run));
    }
}
