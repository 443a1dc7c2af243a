package dev.rein.run.event;

import dev.rein.run.ComponentKind;
import dev.rein.run.StepRef;
import org.jspecify.annotations.Nullable;

/**
 * Origin of events: the run that they belong to.
 *
 * @param source the kind of the component
 * @param componentId the id of the component
 * @param componentName the name of the component; null for none
 * @param runId the id of the run
 * @param parentRunId the id of the run that started it; null for a root
 * @param rootRunId the id of the run at the top of the tree
 * @param sessionId the id of the session; null for none
 * @param depth the number of runs above it in the tree; 0 for the root
 * @param step the innermost step of a workflow that contains the run; null outside a workflow
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
