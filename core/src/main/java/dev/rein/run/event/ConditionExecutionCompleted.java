package dev.rein.run.event;

import dev.rein.run.StepOutput;
import dev.rein.run.StepRef;
import java.util.List;

/**
 * What follows from a condition is done.
 *
 * @param meta where and when
 * @param step the step
 * @param result what it said
 * @param results the results of its steps, in their order
 */
public record ConditionExecutionCompleted(EventMeta meta, StepRef step, boolean result, List<StepOutput> results) implements StepEvent {
    public ConditionExecutionCompleted {
        results = List.copyOf(results);
    }
}
