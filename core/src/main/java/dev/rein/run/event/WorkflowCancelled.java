package dev.rein.run.event;

import dev.rein.cancel.CancelCause;
import dev.rein.cancel.CancelMode;
import dev.rein.run.AbandonedThread;
import dev.rein.run.RunStatus;
import dev.rein.run.StepOutput;
import java.time.Duration;
import java.util.List;

/**
 * The workflow was stopped.
 *
 * @param meta where and when
 * @param cause why, of the first effective request
 * @param effectiveMode how
 * @param content what had been delivered: the last text of its steps
 * @param steps the results of the steps that had begun, in their order; that of one that was not done says so
 * @param stopTook from that request to now
 * @param abandoned threads that would not stop
 * @param stored whether its store has it; true when it has no store
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
