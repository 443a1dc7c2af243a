package dev.rein.run.event;

import dev.rein.run.StepOutput;
import dev.rein.run.StepRef;
import java.util.List;

/**
 * A loop has completed.
 *
 * @param meta origin, index and time of the event
 * @param step the step
 * @param iterations the number of iterations
 * @param results the results of the last iteration
 */
public record LoopExecutionCompleted(EventMeta meta, StepRef step, int iterations, List<StepOutput> results)
        implements StepEvent {
    public LoopExecutionCompleted {
        results = List.copyOf(results);
    }
}
