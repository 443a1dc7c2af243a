package dev.rein.run.event;

import dev.rein.run.StepOutput;
import dev.rein.run.StepRef;
import java.util.List;

/**
 * A sequence is done.
 *
 * @param meta where and when
 * @param step the step
 * @param results the results of its steps, in their order
 */
public record StepsExecutionCompleted(EventMeta meta, StepRef step, List<StepOutput> results) implements StepEvent {
    public StepsExecutionCompleted {
        results = List.copyOf(results);
    }
}
