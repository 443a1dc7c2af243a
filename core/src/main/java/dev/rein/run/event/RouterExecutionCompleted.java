package dev.rein.run.event;

import dev.rein.run.StepOutput;
import dev.rein.run.StepRef;
import java.util.List;

/**
 * What a router chose is done.
 *
 * @param meta where and when
 * @param step the step
 * @param selected the names of the steps it chose
 * @param results the results of its steps, in their order
 */
public record RouterExecutionCompleted(EventMeta meta, StepRef step, List<String> selected, List<StepOutput> results) implements StepEvent {
    public RouterExecutionCompleted {
        selected = List.copyOf(selected);
        results = List.copyOf(results);
    }
}
