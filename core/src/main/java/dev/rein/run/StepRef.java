package dev.rein.run;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A step of a workflow's run, as its events name it.
 *
 * @param workflowId the workflow
 * @param workflowRunId the workflow's run
 * @param stepId the step's id, which stays the same from run to run
 * @param stepName the step's name
 * @param index where it stands: its place from 0 in the workflow, then in each composite down to it
 * @param parentStepId the composite that it is in; null at the top
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
