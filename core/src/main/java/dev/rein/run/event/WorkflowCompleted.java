package dev.rein.run.event;

import dev.rein.run.RunMetrics;
import dev.rein.run.RunStatus;
import dev.rein.run.StepOutput;
import java.util.List;

/**
 * The workflow is done.
 *
 * @param meta where and when
 * @param content its result: that of its last step
 * @param steps the results of its steps, in their order
 * @param metrics times, and in {@code totalUsage} and {@code totalCost} what its steps used
 * @param stored whether its store has it; true when it has no store
 */
public record WorkflowCompleted(
        EventMeta meta, String content, List<StepOutput> steps, RunMetrics metrics, boolean stored)
        implements Terminal {
    public WorkflowCompleted {
        steps = List.copyOf(steps);
    }

    @Override
    public RunStatus status() {
        return RunStatus.COMPLETED;
    }
}
