package dev.rein.run.event;

import dev.rein.run.StepOutput;
import dev.rein.run.StepRef;
import java.util.List;

/**
 * A sequence of steps has completed.
 *
 * @param meta origin, index and time of the event
 * @param step the step
 * @param results the results of the executed steps, in their order
 */
public record StepsExecutionCompleted(EventMeta meta, StepRef step, List<StepOutput> results) implements StepEvent {
    public StepsExecutionCompleted {
        results = List.copyOf(results);
    }
}
