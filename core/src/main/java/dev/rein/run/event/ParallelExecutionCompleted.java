package dev.rein.run.event;

import dev.rein.run.StepOutput;
import dev.rein.run.StepRef;
import java.util.List;

/**
 * All branches are done.
 *
 * @param meta where and when
 * @param step the step
 * @param results the results of the branches, in the order in which they were given
 */
public record ParallelExecutionCompleted(EventMeta meta, StepRef step, List<StepOutput> results) implements StepEvent {
    public ParallelExecutionCompleted {
        results = List.copyOf(results);
    }
}
