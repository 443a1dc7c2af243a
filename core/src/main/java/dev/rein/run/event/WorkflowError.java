package dev.rein.run.event;

import dev.rein.run.RunFailure;
import dev.rein.run.RunStatus;
import dev.rein.run.StepOutput;
import java.util.List;

/**
 * The workflow failed.
 *
 * @param meta where and when
 * @param failure why
 * @param content what had been delivered
 * @param steps the results of the steps that had begun, in their order; that of one that was not done says so
 * @param stored whether its store has it; true when it has no store
 */
public record WorkflowError(EventMeta meta, RunFailure failure, String content, List<StepOutput> steps, boolean stored)
        implements Terminal {
    public WorkflowError {
        steps = List.copyOf(steps);
    }

    @Override
    public RunStatus status() {
        return RunStatus.ERROR;
    }
}
