package dev.rein.run.event;

import dev.rein.run.StepOutput;
import dev.rein.run.StepRef;
import java.util.List;

/**
 * A loop has gone round.
 *
 * @param meta where and when
 * @param step the step
 * @param iteration which time, from 1
 * @param maxIterations how often it goes round at most
 * @param results the results of this iteration
 * @param goesOn whether there is another one
 */
public record LoopIterationCompleted(EventMeta meta, StepRef step, int iteration, int maxIterations, List<StepOutput> results, boolean goesOn) implements StepEvent {
    public LoopIterationCompleted {
        results = List.copyOf(results);
    }
}
