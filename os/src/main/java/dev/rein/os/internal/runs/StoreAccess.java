package dev.rein.os.internal.runs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.agent.Agent;
import dev.rein.os.internal.route.Caller;
import dev.rein.os.internal.route.Problem;
import dev.rein.os.internal.route.RequiredScope;
import dev.rein.os.internal.wire.EventFrame;
import dev.rein.os.internal.wire.EventOptions;
import dev.rein.os.internal.wire.EventWire;
import dev.rein.os.internal.wire.RunWire;
import dev.rein.os.internal.wire.StoredRunContext;
import dev.rein.run.event.Paused;
import dev.rein.run.event.RunEvent;
import dev.rein.run.event.Terminal;
import dev.rein.runtime.Component;
import dev.rein.runtime.RunHandle;
import dev.rein.session.RunQuery;
import dev.rein.session.Session;
import dev.rein.session.SessionStore;
import dev.rein.session.StoredRun;
import dev.rein.team.Team;
import dev.rein.workflow.Workflow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Access to the stores, a component's own or the server's, limited to what the caller may see. Thread-safe. */
public final class StoreAccess {
    private final @Nullable SessionStore shared;

    public StoreAccess(@Nullable SessionStore shared) {
        this.shared = shared;
    }

    /** The store of a component's runs; null if there is none. */
    @Nullable
    public SessionStore of(Component component) {
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

    /** @throws Problem 503 if there is no store */
    public SessionStore store() {
        if (shared == null) {
            throw Problem.unsupported("Sessions not available: pass a `store` to AgentOS to enable this feature.");
        }
        return shared;
    }

    /** Finds a session; ids that the store can't hold match none. */
    public Optional<Session> session(String sessionId, Caller caller) {
        try {
            return store().session(sessionId).filter(session -> caller.sees(session.userId()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /**
     * Calls the store with values of a client.
     *
     * @throws Problem 400 if the store can't hold one of the values
     */
    public static <T> T orBadRequest(Supplier<T> query) {
        try {
            return query.get();
        } catch (IllegalArgumentException e) {
            throw Problem.badRequest(String.valueOf(e.getMessage()));
        }
    }

    /**
     * Checks that a run of this user may join a session. For isolated callers a new session is created at once: otherwise another
     * user could create it between this check and the start of the run, which would then read that user's session.
     *
     * @throws Problem 404 if it belongs to another user, or for isolated callers to none
     */
    public void requireSession(Component component, String sessionId, @Nullable String userId, Caller caller) {
        var store = of(component);
        if (store == null) {
            return;
        }
        var session = orBadRequest(() -> store.session(sessionId));
        if (session.isEmpty() && caller.isolated()) {
            if (orBadRequest(() -> store.create(newSession(component, sessionId, caller)))) {
                return;
            }
            session = store.session(sessionId);
        }
        if (session.isPresent() && !mayJoin(session.get(), userId, caller)) {
            throw Problem.notFound("Session not found");
        }
    }

    private static Session newSession(Component component, String sessionId, Caller caller) {
        var now = Instant.now();
        return new Session(
                sessionId, null, component.kind(), component.id(), caller.userId(), Map.of(), Map.of(), now, now);
    }

    /** A run reads what earlier runs of its session left, so the caller must also be allowed to run their component. */
    private static boolean mayJoin(Session session, @Nullable String userId, Caller caller) {
        var owner = session.userId();
        var isOwn = caller.isolated() ? caller.sees(owner) : owner == null || owner.equals(userId);
        return isOwn
                && (session.componentId().isEmpty()
                        || caller.may(new RequiredScope(
                                ComponentRegistry.resource(session.source()), session.componentId(), "run")));
    }

    /** Whether the caller may see what belongs to a session; one that is not stored belongs to nobody else. */
    private boolean seesSession(@Nullable SessionStore store, @Nullable String sessionId, Caller caller) {
        return !caller.isolated()
                || store == null
                || sessionId == null
                || store.session(sessionId)
                        .map(session -> caller.sees(session.userId()))
                        .orElse(true);
    }

    /**
     * Finds a run of this component that is live or recently ended, if the caller may read it. To stop a run use {@link
     * RunService#find}, which does not need the store.
     */
    public Optional<RunHandle> live(RunService runs, Component component, String runId, Caller caller) {
        return runs.find(runId, component.kind(), component, caller)
                .filter(run -> !caller.isolated()
                        || seesSession(of(component), run.output().sessionId(), caller));
    }

    /** The store of a component's runs of a session; null if there is none or the caller may not see the session. */
    @Nullable
    SessionStore ofSession(Component component, String sessionId, Caller caller) {
        var store = of(component);
        return store == null || !orBadRequest(() -> seesSession(store, sessionId, caller)) ? null : store;
    }

    /** Finds a run of a component; ids that the store can't hold match none. */
    public Optional<StoredRun> run(Component component, String runId, Caller caller) {
        var store = of(component);
        if (store == null) {
            return Optional.empty();
        }
        try {
            return store.run(runId)
                    .filter(run -> isOf(run, component) && caller.sees(run.userId()))
                    .filter(run -> seesSession(store, run.sessionId(), caller));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static boolean isOf(StoredRun run, Component component) {
        return run.source() == component.kind() && run.componentId().equals(component.id());
    }

    /** The full form of a run. */
    public ObjectNode full(RunWire wire, Component component, StoredRun run) {
        return wire.of(run, withEvents(context(component, run), of(component), run));
    }

    /** The form of a run in a list. */
    ObjectNode entry(RunWire wire, Component component, StoredRun run) {
        return wire.schema(run, withEvents(context(component, run), of(component), run), true);
    }

    /** The context of a run, without its events. */
    private StoredRunContext context(Component component, StoredRun run) {
        var store = of(component);
        if (store == null) {
            return StoredRunContext.NONE;
        }
        var context = StoredRunContext.NONE;
        var sessionId = run.sessionId();
        if (sessionId == null) {
            return context;
        }
        if (!(component instanceof Agent)) {
            var ofTree = RunQuery.of(sessionId).children(true).rootRunIds(Set.of(run.rootRunId()));
            // The run itself, which may be megabytes, is not read again.
            var tree = store.previews(ofTree, 0).items().stream()
                    .filter(each -> !each.runId().equals(run.runId()))
                    .flatMap(each -> store.run(each.runId()).stream())
                    .toList();
            context = context.below(tree);
        }
        var state = store.session(sessionId).map(Session::state);
        return state.isPresent() ? context.sessionState(state.get()) : context;
    }

    /** The context of a run of a session. */
    public StoredRunContext context(Session session, StoredRun run, List<StoredRun> below) {
        return withEvents(StoredRunContext.NONE.sessionState(session.state()).below(below), store(), run);
    }

    private static StoredRunContext withEvents(StoredRunContext context, @Nullable SessionStore store, StoredRun run) {
        var events = new ArrayList<RunEvent>();
        new StoredEvents(store, run, -1).forEachRemaining(events::add);
        return context.events(events);
    }

    /** The stored events of a run and of those below it. */
    public Iterator<RunEvent> events(StoredRun run) {
        return new StoredEvents(store(), run, -1);
    }

    /**
     * The stored events of a run that a reader has missed.
     *
     * @param after the {@code event_index} of the last frame that the reader has; -1 for none
     */
    public StoredReplay replay(RunWire wire, Component component, StoredRun run, long after) {
        var store = of(component);
        var options = FrameNumbers.afterFrame(run, after, store);
        return new StoredReplay(
                run.status(),
                wire.events(run, context(component, run), options),
                () -> new StoredEvents(store, run, options.readAfter()));
    }

    /**
     * Options for a reader of a run of another process.
     *
     * @param after the {@code event_index} of the last frame that the reader has; -1 for none
     */
    public EventOptions optionsElsewhere(Component component, StoredRun run, long after) {
        return FrameNumbers.afterFrame(run, after, of(component));
    }

    /**
     * Makes the frames of a run of another process. What the last event shows besides, such as the usage, is that of the run's row
     * at that time.
     *
     * @param options those of {@link #optionsElsewhere}
     */
    public Function<RunEvent, List<EventFrame>> framesElsewhere(
            RunWire wire, Component component, StoredRun run, EventOptions options) {
        return framesAnywhere(wire, component, run, options, _ -> Optional.empty());
    }

    /**
     * The same for a run that may be in this process.
     *
     * @param here makes the last frames from the run in this process, which is ahead of its row; empty if it is not there
     */
    Function<RunEvent, List<EventFrame>> framesAnywhere(
            RunWire wire,
            Component component,
            StoredRun run,
            EventOptions options,
            Function<EventOptions, Optional<EventWire>> here) {
        var first = wire.events(run, context(component, run), options);
        return event -> {
            if (!event.runId().equals(run.runId()) || !(event instanceof Terminal || event instanceof Paused)) {
                return first.frames(event);
            }
            var rest = options.leftOut(first.leftOut());
            var own = here.apply(rest);
            if (own.isPresent()) {
                return own.get().frames(event);
            }
            var store = of(component);
            var last = store == null ? run : store.run(run.runId()).orElse(run);
            return wire.events(last, context(component, last), rest).frames(event);
        };
    }
}
