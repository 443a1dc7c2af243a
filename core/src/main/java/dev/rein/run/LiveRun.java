package dev.rein.run;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot of a live run, as listed by {@link dev.rein.runtime.Runs}.
 *
 * @param runId the id of the run
 * @param rootRunId the id of the run at the top of the tree
 * @param parentRunId the id of the run that started it; null for a root
 * @param source the kind of the component
 * @param componentId the id of the agent, team or workflow
 * @param sessionId the id of the session; null for none
 * @param userId the id of the user; null when unknown
 * @param status the status
 * @param activity the current activity, such as {@code waiting for gpt-4o} or {@code tool search}
 * @param activityDuration the duration of the current activity so far
 * @param priority the priority given in its options
 * @param createdAt when the run was accepted
 * @param metrics its tokens, calls and cost so far; those of a response in progress are estimated
 */
public record LiveRun(
        String runId,
        String rootRunId,
        @Nullable String parentRunId,
        ComponentKind source,
        String componentId,
        @Nullable String sessionId,
        @Nullable String userId,
        RunStatus status,
        String activity,
        Duration activityDuration,
        int priority,
        Instant createdAt,
        RunMetrics metrics) {}
