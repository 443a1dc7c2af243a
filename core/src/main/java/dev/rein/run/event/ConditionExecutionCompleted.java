package dev.rein.run.event;

import dev.rein.run.StepOutput;
import dev.rein.run.StepRef;
import java.util.List;

/**
 * The steps chosen by a condition have completed.
 *
 * @param meta origin, index and time of the event
 * @param step the step
 * @param result whether the condition held
 * @param results the results of the executed steps, in their order
 */
public record ConditionExecutionCompleted(EventMeta meta, StepRef step, boolean result, List<StepOutput> results)
        implements StepEvent {
    public ConditionExecutionCompleted {
        results = List.copyOf(results);
    }
}
