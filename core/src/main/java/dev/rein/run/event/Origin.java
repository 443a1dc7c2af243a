package dev.rein.run.event;

import dev.rein.run.ComponentKind;
import dev.rein.run.StepRef;
import org.jspecify.annotations.Nullable;

/**
 * Where events come from: the same for all events of a run.
 *
 * @param source the kind of component
 * @param componentId its id
 * @param componentName its name; null when it has none
 * @param runId the run
 * @param parentRunId the run it is part of; null for a root
 * @param rootRunId the run at the top of the tree
 * @param sessionId its session; null for none
 * @param depth how many runs it is below the root; 0 there
 * @param step the step of a workflow that it is part of, at any depth; null outside one
 */
public record Origin(
        ComponentKind source,
        String componentId,
        @Nullable String componentName,
        String runId,
        @Nullable String parentRunId,
        String rootRunId,
        @Nullable String sessionId,
        int depth,
        @Nullable StepRef step) {}
