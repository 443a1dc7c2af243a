package dev.rein.run;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A live run as {@link dev.rein.runtime.Runs} shows it.
 *
 * @param runId its id
 * @param rootRunId the run at the top of its tree
 * @param parentRunId the run it is part of; null for a root
 * @param source what kind of component runs
 * @param componentId the agent, team or workflow that runs
 * @param sessionId its session; null for none
 * @param userId its user; null when unknown
 * @param status where it stands
 * @param activity what it does now, such as {@code waiting for gpt-4o} or {@code tool search}
 * @param activityDuration for how long it has been doing that
 * @param priority as given in its options
 * @param createdAt when it was accepted
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
        Instant createdAt) {}
