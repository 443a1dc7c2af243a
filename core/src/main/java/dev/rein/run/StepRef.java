package dev.rein.run;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A reference to a step in a run of a workflow. Immutable.
 *
 * @param workflowId the id of the workflow
 * @param workflowRunId the id of the workflow's run
 * @param stepId the id of the step, the same in all runs
 * @param stepName the name of the step
 * @param index the path to the step: positions from 0, in the workflow and then in each composite step
 * @param parentStepId the id of the enclosing composite step; null at the top
 */
public record StepRef(
        String workflowId,
        String workflowRunId,
        String stepId,
        String stepName,
        List<Integer> index,
        @Nullable String parentStepId) {
    public StepRef {
        index = List.copyOf(index);
    }
}
