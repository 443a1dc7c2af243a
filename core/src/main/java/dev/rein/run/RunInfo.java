package dev.rein.run;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a run from its beginning, for those who observe it. Immutable.
 *
 * @param runId its id
 * @param rootRunId the run at the top of its tree; the same as {@code runId} there
 * @param parentRunId the run it is part of; null for a root
 * @param kind what kind of component runs
 * @param componentId the agent, team or workflow that runs
 * @param componentName its name; null for none
 * @param sessionId its session; null for none
 * @param userId its user; null when unknown
 * @param step the step of a workflow that it is part of, at any depth; null for none
 * @param metadata what its caller gave with it
 * @param createdAt when it was accepted
 */
public record RunInfo(
        String runId,
        String rootRunId,
        @Nullable String parentRunId,
        ComponentKind kind,
        String componentId,
        @Nullable String componentName,
        @Nullable String sessionId,
        @Nullable String userId,
        @Nullable StepRef step,
        Map<String, Object> metadata,
        Instant createdAt) {
    public RunInfo {
        metadata = Map.copyOf(metadata);
    }

    /** Whether it is part of no other run. */
    public boolean isRoot() {
        return parentRunId == null;
    }
}
