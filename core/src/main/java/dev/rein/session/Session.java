package dev.rein.session;

import dev.rein.run.ComponentKind;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A conversation. Immutable.
 *
 * @param sessionId its id
 * @param name what people call it; null for none
 * @param source what kind of component it is held with
 * @param componentId the component that it was begun with
 * @param userId whose it is; null when unknown
 * @param state what its runs left for the next; values as JSON has them (strings, numbers, booleans, lists, maps)
 * @param metadata what others keep with it; values as JSON has them
 * @param createdAt when its first run was accepted
 * @param updatedAt when it last changed
 */
public record Session(
        String sessionId,
        @Nullable String name,
        ComponentKind source,
        String componentId,
        @Nullable String userId,
        Map<String, Object> state,
        Map<String, Object> metadata,
        Instant createdAt,
        Instant updatedAt) {
    public Session {
        state = Map.copyOf(state);
        metadata = Map.copyOf(metadata);
    }

    /** The session that a run makes when it is the first of it. */
    public static Session of(String sessionId, StoredRun run) {
        return new Session(
                sessionId,
                null,
                run.source(),
                run.componentId(),
                run.userId(),
                Map.of(),
                Map.of(),
                run.createdAt(),
                run.createdAt());
    }

    /** The same with another state, changed at another time. */
    public Session state(Map<String, Object> newState, Instant changedAt) {
        return new Session(sessionId, name, source, componentId, userId, newState, metadata, createdAt, changedAt);
    }

    /** The same, edited. */
    public Session edited(SessionEdit edit, Instant changedAt) {
        return new Session(
                sessionId,
                edit.name() == null ? name : edit.name().isEmpty() ? null : edit.name(),
                source,
                componentId,
                userId,
                edit.state() == null ? state : edit.state(),
                edit.metadata() == null ? metadata : edit.metadata(),
                createdAt,
                changedAt);
    }
}
