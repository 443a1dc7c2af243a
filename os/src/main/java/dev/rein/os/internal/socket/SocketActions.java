package dev.rein.os.internal.socket;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.cancel.CancelRequest;
import dev.rein.os.ServerLimits;
import dev.rein.os.internal.auth.AccessControl;
import dev.rein.os.internal.route.Caller;
import dev.rein.os.internal.route.Ids;
import dev.rein.os.internal.route.Problem;
import dev.rein.os.internal.runs.CancelRoutes;
import dev.rein.os.internal.runs.ComponentRegistry;
import dev.rein.os.internal.runs.OpenStreams;
import dev.rein.os.internal.runs.PausedRun;
import dev.rein.os.internal.runs.RunCanceller;
import dev.rein.os.internal.runs.RunRequest;
import dev.rein.os.internal.runs.RunService;
import dev.rein.os.internal.runs.StoreAccess;
import dev.rein.os.internal.runs.StoredReplay;
import dev.rein.os.internal.wire.DecisionParser;
import dev.rein.os.internal.wire.RunWire;
import dev.rein.os.internal.wire.WireJson;
import dev.rein.run.ComponentKind;
import dev.rein.run.Decision;
import dev.rein.run.Requirement;
import dev.rein.run.RunInput;
import dev.rein.run.RunRejectedException;
import dev.rein.runtime.Component;
import dev.rein.runtime.DisconnectPolicy;
import dev.rein.runtime.RunHandle;
import dev.rein.runtime.RunOptions;
import dev.rein.session.StoredRun;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The actions of the WebSocket. Each returns one response message, or null if the events of a run are the response. */
public final class SocketActions {
    private static final ComponentKind KIND = ComponentKind.WORKFLOW;
    private static final String RUNS = ComponentRegistry.path(KIND) + "/runs";

    private final AccessControl access;
    private final ComponentRegistry registry;
    private final RunService runs;
    private final OpenStreams streams;
    private final StoreAccess stored;
    private final RunWire wire;
    private final ServerLimits limits;
    private final RunCanceller canceller;
    private volatile boolean draining;

    public SocketActions(
            AccessControl access,
            ComponentRegistry registry,
            RunService runs,
            OpenStreams streams,
            StoreAccess stored,
            RunWire wire,
            ServerLimits limits) {
        this.access = access;
        this.registry = registry;
        this.runs = runs;
        this.streams = streams;
        this.stored = stored;
        this.wire = wire;
        this.limits = limits;
        this.canceller = new RunCanceller(runs, stored);
    }

    void drain() {
        draining = true;
    }

    private void requireNotDraining() {
        if (draining) {
            throw Problem.unavailable("The server is shutting down");
        }
    }

    // ---- start

    @Nullable
    ObjectNode start(SocketClient client, Caller caller, JsonNode message) {
        requireNotDraining();
        var component = workflow(caller, message, "");
        var input = text(message, "message", limits.messageCharacters());
        if (input == null) {
            throw Problem.badRequest("message is required");
        }
        var session = id(message, "session_id");
        var request = new RunRequest(
                RunInput.of(input),
                session == null ? UUID.randomUUID().toString() : session,
                caller.user(id(message, "user_id")),
                null,
                true,
                true,
                true,
                DisconnectPolicy.CONTINUE,
                Map.of(),
                Map.of(),
                Map.of(),
                false,
                null,
                null,
                null);
        if (session != null) {
            stored.requireSession(component, session, request.userId(), caller);
        }
        var permit = permit(client);
        try {
            follower(client, runs.start(component, request), permit).follow(-1, stored.of(component));
        } catch (RuntimeException e) {
            permit.close();
            throw e;
        }
        return null;
    }

    /** Checks the limits of the client and the server before anything starts. */
    private OpenStreams.Permit permit(SocketClient client) {
        var most = limits.streamsPerConnection();
        if (!client.takeStream(most)) {
            throw Problem.of(429, "This socket follows " + most + " runs already: open another one");
        }
        try {
            var permit = streams.acquire();
            return () -> {
                permit.close();
                client.releaseStream();
            };
        } catch (Problem e) {
            client.releaseStream();
            throw e;
        }
    }

    private SocketFollower follower(SocketClient client, RunHandle run, OpenStreams.Permit permit) {
        var following = runs.follow(run);
        return new SocketFollower(client, run, registry.catalog(), () -> {
            following.close();
            permit.close();
        });
    }

    /**
     * The workflow named in the message.
     *
     * @param action the rest of the path of the equivalent route
     * @throws Problem 403 if the caller lacks the scope for it, 404 if there is no such workflow
     */
    private Component workflow(Caller caller, JsonNode message, String action) {
        var id = id(message, "workflow_id");
        if (id == null) {
            throw Problem.badRequest("workflow_id is required");
        }
        access.requireScope(caller, "POST", RUNS + action, id);
        if (!registry.has(KIND, id)) {
            throw Problem.notFound("Workflow " + id + " not found");
        }
        return registry.get(KIND, id);
    }

    /** An id. */
    private static @Nullable String text(JsonNode message, String name) {
        return text(message, name, RunOptions.MAX_ID_LENGTH);
    }

    private static @Nullable String text(JsonNode message, String name, int most) {
        var value = message.path(name);
        if (value.isTextual() && value.textValue().length() > most) {
            throw Problem.badRequest(name + " has " + value.textValue().length() + " characters: at most " + most
                    + " characters are allowed");
        }
        return value.isTextual() && !value.textValue().isEmpty() ? value.textValue() : null;
    }

    private static @Nullable String id(JsonNode message, String name) {
        var id = text(message, name);
        return id == null ? null : Ids.require(name, id);
    }

    // ---- reconnect

    @Nullable
    ObjectNode reconnect(SocketClient client, Caller caller, JsonNode message) {
        requireNotDraining();
        var runId = runId(message);
        var index = message.path("last_event_index");
        var after = index.canConvertToInt() ? Math.max(index.intValue(), -1) : -1;
        var workflows = workflows(caller, message, "/{run_id}/resume");
        for (var component : workflows) {
            var run = stored.live(runs, component, runId, caller);
            if (run.isPresent()) {
                follower(client, run.get(), permit(client))
                        .resume(after, stored.of(component), () -> storedEvents(component, runId, caller));
                return null;
            }
        }
        for (var component : workflows) {
            var row = stored.run(component, runId, caller);
            if (row.isPresent()) {
                reconnect(client, component, row.get(), after);
                return null;
            }
        }
        throw Problem.notFound("Run " + runId + " not found in buffer or database");
    }

    /** Follows a run of another process, or replays the events of one that has ended. */
    private void reconnect(SocketClient client, Component component, StoredRun run, long after) {
        var options = stored.optionsElsewhere(component, run, after);
        var events = runs.eventsElsewhere(run, options.readAfter());
        if (events.isPresent()) {
            var frames = stored.framesElsewhere(wire, component, run, options);
            SocketFollower.follow(client, permit(client), run.runId(), events.get(), frames);
        } else {
            SocketFollower.replay(client, permit(client), run.runId(), stored.replay(wire, component, run, -1));
        }
    }

    /** The stored events of a run. */
    private Optional<StoredReplay> storedEvents(Component component, String runId, Caller caller) {
        return stored.run(component, runId, caller).map(row -> stored.replay(wire, component, row, -1));
    }

    private static String runId(JsonNode message) {
        var id = id(message, "run_id");
        if (id == null) {
            throw Problem.badRequest("run_id is required");
        }
        return id;
    }

    /**
     * The workflow named in the message, or all that the caller may do this with: runs of others are not found.
     *
     * @param action the rest of the path of the equivalent route
     * @throws Problem 403 if the caller lacks the scope
     */
    private Collection<Component> workflows(Caller caller, JsonNode message, String action) {
        if (text(message, "workflow_id") != null) {
            return List.of(workflow(caller, message, action));
        }
        access.requireScope(caller, "POST", RUNS + action, null);
        return registry.all(KIND).stream()
                .filter(each -> access.hasScope(caller, "POST", RUNS + action, each.id()))
                .toList();
    }

    // ---- continue

    @Nullable
    ObjectNode continueRun(SocketClient client, Caller caller, JsonNode message) {
        requireNotDraining();
        var component = workflow(caller, message, "/{run_id}/continue");
        var runId = runId(message);
        var waiting = PausedRun.find(runs, stored, component, runId, caller, "Run " + runId + " not found");
        var permit = permit(client);
        try {
            var run = runs.continueRun(
                    component, runId, stored.of(component), decisions(message, waiting.open()), Map.of(), true);
            follower(client, run, permit).follow(waiting.lastIndex(), stored.of(component));
        } catch (RunRejectedException e) {
            permit.close();
            throw Problem.conflict(String.valueOf(e.getMessage()));
        } catch (IllegalArgumentException e) {
            permit.close();
            throw Problem.badRequest(String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            permit.close();
            throw e;
        }
        return null;
    }

    private static List<Decision> decisions(JsonNode message, List<Requirement> open) {
        var given = message.path("step_requirements");
        var json = given.isMissingNode() || given.isNull() ? null : given.toString();
        return DecisionParser.stepRequirements(json, open);
    }

    // ---- cancel

    ObjectNode cancel(Caller caller, JsonNode message) {
        var runId = runId(message);
        var request = request(caller, message);
        var cancelled = canceller.cancel(
                workflows(caller, message, "/{run_id}/cancel"), runId, id(message, "session_id"), caller, request);
        if (cancelled == null) {
            throw Problem.notFound("Run " + runId + " not found");
        }
        var answer = WireJson.object().put("event", "cancel_result");
        answer.setAll(CancelRoutes.answer(cancelled.result(), cancelled.status()));
        return answer;
    }

    private CancelRequest request(Caller caller, JsonNode message) {
        var mode = text(message, "mode");
        try {
            var seen = message.path("seen_up_to");
            return RunCanceller.request(
                    mode,
                    text(message, "reason", limits.reasonCharacters()),
                    seen.isIntegralNumber() && seen.canConvertToLong() ? seen.longValue() : null,
                    caller,
                    "websocket");
        } catch (IllegalArgumentException e) {
            throw Problem.badRequest("mode is \"" + mode + "\": use now, after_tools, after_turn or after_step");
        }
    }
}
