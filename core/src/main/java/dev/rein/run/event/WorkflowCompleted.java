package dev.rein.run.event;

import dev.rein.run.RunMetrics;
import dev.rein.run.RunStatus;
import dev.rein.run.StepOutput;
import java.util.List;

/**
 * A workflow has completed.
 *
 * @param meta origin, index and time of the event
 * @param content the result of the last step
 * @param steps the results of the steps, in their order
 * @param metrics the times, and in {@code totalUsage} and {@code totalCost} the usage of the steps
 * @param stored whether the run is in its store; true when it has no store
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
