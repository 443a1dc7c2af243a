package dev.rein.run.event;

import dev.rein.run.StepOutput;
import dev.rein.run.StepRef;
import java.util.List;

/**
 * A loop is done.
 *
 * @param meta where and when
 * @param step the step
 * @param iterations how often it went round
 * @param results the results of the last iteration
 */
public record LoopExecutionCompleted(EventMeta meta, StepRef step, int iterations, List<StepOutput> results) implements StepEvent {
    public LoopExecutionCompleted {
        results = List.copyOf(results);
    }
}
