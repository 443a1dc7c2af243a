package dev.rein.os.internal.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.os.internal.wire.Catalog;
import dev.rein.os.internal.wire.RunWire;
import dev.rein.os.internal.wire.StoredContext;
import dev.rein.run.Component;
import dev.rein.session.RunQuery;
import dev.rein.session.Session;
import dev.rein.session.SessionStore;
import dev.rein.session.StoredRun;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What is in the store, as far as a caller may see it. Thread-safe. */
final class Stored {
    private final @Nullable SessionStore store;

    Stored(@Nullable SessionStore store) {
        this.store = store;
    }

    boolean has(Component component) {
        return store != null;
    }

    /** @throws Problem 503 if there is none */
    SessionStore store() {
        if (store == null) {
            throw Problem.absent("Sessions not available: pass a `store` to AgentOS to enable this feature.");
        }
        return store;
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
    void requireSession(Component component, String sessionId, Caller caller, @Nullable String userId) {
        if (store == null) {
            return;
        }
        var owner = store.session(sessionId).map(Session::userId).orElse(null);
        if (owner != null && !owner.equals(userId)) {
            throw Problem.notFound("Session not found");
        }
    }

    List<StoredRun> runs(Component component, RunQuery query, Caller caller) {
        return store == null
                ? List.of()
                : store.runs(query).items().stream()
                        .filter(run -> caller.sees(run.userId()))
                        .toList();
    }

    /** A run of a component. No id that the store can't hold is that of a run. */
    Optional<StoredRun> run(Component component, String runId, Caller caller) {
        if (store == null) {
            return Optional.empty();
        }
        try {
            return store.run(runId)
                    .filter(run -> run.source() == component.source()
                            && run.componentId().equals(component.id())
                            && caller.sees(run.userId()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    ObjectNode whole(RunWire wire, StoredRun run) {
        return wire.of(run, context(run));
    }

    ObjectNode schema(RunWire wire, StoredRun run, boolean nulls) {
        return wire.schema(run, context(run), nulls);
    }

    private StoredContext context(StoredRun run) {
        var context = StoredContext.NONE;
        if (run.sessionId() == null) {
            return context;
        }
        var state = store().session(run.sessionId()).map(Session::state);
        return state.isPresent() ? context.sessionState(state.get()) : context;
    }

    /** What is shown with a run of a session. */
    StoredContext context(Session session, StoredRun run, List<StoredRun> below) {
        return StoredContext.NONE.sessionState(session.state()).below(below);
    }

    void replay(Catalog catalog, StoredRun run, long after, Sse sse) throws IOException {}
}
