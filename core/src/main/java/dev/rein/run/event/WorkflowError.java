package dev.rein.run.event;

import dev.rein.run.RunFailure;
import dev.rein.run.RunStatus;
import dev.rein.run.StepOutput;
import java.util.List;

/**
 * A workflow has failed.
 *
 * @param meta origin, index and time of the event
 * @param failure the reason
 * @param content the text delivered so far
 * @param steps the results of the steps that had started, in their order; those of unfinished steps say so
 * @param stored whether the run is in its store; true when it has no store
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
