package dev.rein.os.internal.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.agent.Agent;
import dev.rein.os.internal.wire.EventFrame;
import dev.rein.os.internal.wire.EventWire;
import dev.rein.os.internal.wire.RunWire;
import dev.rein.os.internal.wire.StoredRunContext;
import dev.rein.run.event.RunEvent;
import dev.rein.runtime.Component;
import dev.rein.session.RunQuery;
import dev.rein.session.Session;
import dev.rein.session.SessionStore;
import dev.rein.session.StoredRun;
import dev.rein.team.Team;
import dev.rein.workflow.Workflow;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What is in the stores, as far as a caller may see it: a component's own, or that of the server. Thread-safe. */
final class StoreAccess {
    private static final int MOST_EVENTS = 10_000;

    private final @Nullable SessionStore shared;

    StoreAccess(@Nullable SessionStore shared) {
        this.shared = shared;
    }

    /** Where a component's runs are kept; null for nowhere. */
    @Nullable
    SessionStore of(Component component) {
        var own = switch (component) {
            case Agent agent -> agent.settings().component().store();
            case Team team -> team.settings().leader().component().store();
            case Workflow workflow -> workflow.settings().store();
            default -> null;
        };
        return own == null ? shared : own;
    }

    boolean has(Component component) {
        return of(component) != null;
    }

    /** @throws Problem 503 if there is none */
    SessionStore store() {
        if (shared == null) {
            throw Problem.absent("Sessions not available: pass a `store` to AgentOS to enable this feature.");
        }
        return shared;
    }

    /** No id that the store can't hold is that of a session. */
    Optional<Session> session(String sessionId, Caller caller) {
        try {
            return store().session(sessionId).filter(session -> caller.sees(session.userId()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /**
     * Asks the store about values that a client has given.
     *
     * @throws Problem 400 if it can't hold one of them
     */
    static <T> T given(Supplier<T> asking) {
        try {
            return asking.get();
        } catch (IllegalArgumentException e) {
            throw Problem.badRequest(String.valueOf(e.getMessage()));
        }
    }

    /**
     * A session that belongs to a user is open to him only.
     *
     * @throws Problem 404 if it belongs to another one
     */
    void requireSession(Component component, String sessionId, @Nullable String userId) {
        var store = of(component);
        if (store == null) {
            return;
        }
        var owner = given(() -> store.session(sessionId)).map(Session::userId).orElse(null);
        if (owner != null && !owner.equals(userId)) {
            throw Problem.notFound("Session not found");
        }
    }

    /** The root runs of a session that are a component's. */
    List<StoredRun> runs(Component component, RunQuery query, Caller caller) {
        var store = of(component);
        return store == null
                ? List.of()
                : given(() -> store.runs(query)).items().stream()
                        .filter(run -> isOf(run, component) && caller.sees(run.userId()))
                        .toList();
    }

    /** A run of a component. No id that the store can't hold is that of a run. */
    Optional<StoredRun> run(Component component, String runId, Caller caller) {
        var store = of(component);
        if (store == null) {
            return Optional.empty();
        }
        try {
            return store.run(runId).filter(run -> isOf(run, component) && caller.sees(run.userId()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static boolean isOf(StoredRun run, Component component) {
        return run.source() == component.kind() && run.componentId().equals(component.id());
    }

    /** A run as it is fetched. */
    ObjectNode whole(RunWire wire, Component component, StoredRun run) {
        return wire.of(run, context(component, run, -1));
    }

    /** A run as an entry of a list. */
    ObjectNode entry(RunWire wire, Component component, StoredRun run) {
        return wire.schema(run, context(component, run, -1), true);
    }

    private StoredRunContext context(Component component, StoredRun run, long afterEvent) {
        var store = of(component);
        if (store == null) {
            return StoredRunContext.NONE;
        }
        var context = StoredRunContext.NONE.events(events(store, run, afterEvent));
        var sessionId = run.sessionId();
        if (sessionId == null) {
            return context;
        }
        if (!(component instanceof Agent)) {
            var tree = store.runs(RunQuery.of(sessionId).children(true)).items().stream()
                    .filter(each -> each.rootRunId().equals(run.rootRunId()))
                    .filter(each -> !each.runId().equals(run.runId()))
                    .toList();
            context = context.below(tree);
        }
        var state = store.session(sessionId).map(Session::state);
        return state.isPresent() ? context.sessionState(state.get()) : context;
    }

    /** What is shown with a run of a session. */
    StoredRunContext context(Session session, StoredRun run, List<StoredRun> below) {
        return StoredRunContext.NONE.sessionState(session.state()).below(below).events(events(store(), run, -1));
    }

    /** Events are stored with the run at the top: of a run below it, those that are its own and of what is below it. */
    private static List<RunEvent> events(SessionStore store, StoredRun run, long after) {
        var all = store.events(run.rootRunId(), after, MOST_EVENTS);
        if (run.runId().equals(run.rootRunId())) {
            return all;
        }
        var runs = new HashSet<>(Set.of(run.runId()));
        return all.stream()
                .filter(event -> runs.contains(event.runId())
                        || event.parentRunId() != null && runs.contains(event.parentRunId()) && runs.add(event.runId()))
                .toList();
    }

    /** What is stored of a run's events, after the one that a client has. */
    List<EventFrame> frames(RunWire wire, Component component, StoredRun run, long after) {
        return wire.frames(run, context(component, run, EventWire.kernelIndexOf(after)), after);
    }

    /** Sends what is stored of a run's events. */
    void replay(RunWire wire, Component component, StoredRun run, long after, SseResponse sse) throws IOException {
        var frames = frames(wire, component, run, after);
        var status = RunStatuses.shown(run.status());
        sse.write(new EventFrame(
                        "replay",
                        HttpJson.object()
                                .put("event", "replay")
                                .put("run_id", run.runId())
                                .put("status", status)
                                .put("total_events", frames.size())
                                .put("message", "Run " + status + ". Replaying " + frames.size() + " stored events."))
                .spacedSse());
        for (var frame : frames) {
            sse.write(frame);
        }
        sse.flush();
    }
}
