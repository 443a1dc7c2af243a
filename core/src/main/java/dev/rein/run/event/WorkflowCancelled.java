package dev.rein.run.event;

import dev.rein.cancel.CancelCause;
import dev.rein.cancel.CancelMode;
import dev.rein.run.AbandonedThread;
import dev.rein.run.RunStatus;
import dev.rein.run.StepOutput;
import java.time.Duration;
import java.util.List;

/**
 * A workflow was cancelled.
 *
 * @param meta origin, index and time of the event
 * @param cause the cause, taken from the first effective request
 * @param effectiveMode the mode of the stop
 * @param content the text delivered so far: the last text of the steps
 * @param steps the results of the steps that had started, in their order; those of unfinished steps say so
 * @param stopTook the time from that request to this event
 * @param abandoned the threads that did not stop within the grace period
 * @param stored whether the run is in its store; true when it has no store
 */
public record WorkflowCancelled(
        EventMeta meta,
        CancelCause cause,
        CancelMode effectiveMode,
        String content,
        List<StepOutput> steps,
        Duration stopTook,
        List<AbandonedThread> abandoned,
        boolean stored)
        implements Terminal {
    public WorkflowCancelled {
        steps = List.copyOf(steps);
        abandoned = List.copyOf(abandoned);
    }

    @Override
    public RunStatus status() {
        return RunStatus.CANCELLED;
    }
}
