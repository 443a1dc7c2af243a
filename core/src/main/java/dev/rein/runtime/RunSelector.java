package dev.rein.runtime;

import dev.rein.run.ComponentKind;
import org.jspecify.annotations.Nullable;

/**
 * Selects runs by their component, session and user. A property that is null selects every run. Immutable.
 *
 * @param kind the kind of the component; null for any
 * @param componentId the id of the agent, team or workflow; null for any
 * @param sessionId the id of the session; null for any
 * @param userId the id of the user; null for any
 */
public record RunSelector(
        @Nullable ComponentKind kind,
        @Nullable String componentId,
        @Nullable String sessionId,
        @Nullable String userId) {

    private static final RunSelector ALL = new RunSelector(null, null, null, null);

    /** Selects every run. */
    public static RunSelector all() {
        return ALL;
    }

    /** The same, but only runs of one component. */
    public RunSelector component(ComponentKind newKind, String id) {
        return new RunSelector(newKind, id, sessionId, userId);
    }

    /**
     * The same, but only runs of one session.
     *
     * @param id the id of the session; null for any
     */
    public RunSelector session(@Nullable String id) {
        return new RunSelector(kind, componentId, id, userId);
    }

    /**
     * The same, but only runs of one user.
     *
     * @param id the id of the user; null for any
     */
    public RunSelector user(@Nullable String id) {
        return new RunSelector(kind, componentId, sessionId, id);
    }

    /** Whether it selects every run. */
    public boolean isAll() {
        return equals(ALL);
    }

    /** Whether it selects a run with these properties. */
    public boolean selects(
            ComponentKind runKind, String runComponentId, @Nullable String runSessionId, @Nullable String runUserId) {
        return (kind == null || kind == runKind)
                && (componentId == null || componentId.equals(runComponentId))
                && (sessionId == null || sessionId.equals(runSessionId))
                && (userId == null || userId.equals(runUserId));
    }
}
