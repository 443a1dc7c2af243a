package dev.rein.session;

import dev.rein.run.ComponentKind;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A conversation of one or more runs. Immutable.
 *
 * @param sessionId the id
 * @param name the name for people; null for none
 * @param source the kind of the component
 * @param componentId the id of the component that it started with
 * @param userId the id of the user; null when unknown
 * @param state the session state, which runs pass on to later ones; JSON values (strings, numbers, booleans, lists, maps)
 * @param metadata the metadata of clients; JSON values
 * @param createdAt when its first run was accepted
 * @param updatedAt the time of the latest change
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

    /** Returns the session that is created by its first run. */
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

    /** Returns a copy with another state and time of change, which never goes back. */
    public Session state(Map<String, Object> newState, Instant changedAt) {
        return new Session(
                sessionId, name, source, componentId, userId, newState, metadata, createdAt, latest(changedAt));
    }

    /** The clocks of processes may differ. */
    private Instant latest(Instant changedAt) {
        return changedAt.isAfter(updatedAt) ? changedAt : updatedAt;
    }

    /** Returns a copy under another id. */
    public Session forked(String newSessionId, Instant now) {
        return new Session(newSessionId, name, source, componentId, userId, state, metadata, now, now);
    }

    /**
     * Returns a copy whose state and metadata are as they will be read after they were stored.
     *
     * @throws IllegalArgumentException if JSON can't represent a value
     */
    public Session asStored() {
        return new Session(
                sessionId,
                name,
                source,
                componentId,
                userId,
                JsonState.copy(state),
                JsonState.copy(metadata),
                createdAt,
                updatedAt);
    }

    /**
     * Returns an edited copy. Its time of change never goes back.
     *
     * @throws IllegalArgumentException if JSON can't represent a value of the edit
     */
    public Session edited(SessionEdit edit, Instant changedAt) {
        return new Session(
                sessionId,
                edit.name() == null ? name : edit.name().isEmpty() ? null : edit.name(),
                source,
                componentId,
                userId,
                edit.state() == null ? state : JsonState.copy(edit.state()),
                edit.metadata() == null ? metadata : JsonState.copy(edit.metadata()),
                createdAt,
                latest(changedAt));
    }
}
