package dev.rein.run.event;

import dev.rein.run.StepOutput;
import dev.rein.run.StepRef;
import java.util.List;

/**
 * All branches have completed.
 *
 * @param meta origin, index and time of the event
 * @param step the step
 * @param results the results of the branches, in the order of their definition
 */
public record ParallelExecutionCompleted(EventMeta meta, StepRef step, List<StepOutput> results) implements StepEvent {
    public ParallelExecutionCompleted {
        results = List.copyOf(results);
    }
}
