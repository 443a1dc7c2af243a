package dev.rein.run.event;

import dev.rein.run.StepOutput;
import dev.rein.run.StepRef;
import java.util.List;

/**
 * An iteration of a loop has completed.
 *
 * @param meta origin, index and time of the event
 * @param step the step
 * @param iteration the number of the iteration, from 1
 * @param maxIterations the maximum number of iterations
 * @param results the results of this iteration
 * @param goesOn whether another iteration follows
 */
public record LoopIterationCompleted(
        EventMeta meta, StepRef step, int iteration, int maxIterations, List<StepOutput> results, boolean goesOn)
        implements StepEvent {
    public LoopIterationCompleted {
        results = List.copyOf(results);
    }
}
