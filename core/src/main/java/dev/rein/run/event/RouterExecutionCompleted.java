package dev.rein.run.event;

import dev.rein.run.StepOutput;
import dev.rein.run.StepRef;
import java.util.List;

/**
 * The steps chosen by a router have completed.
 *
 * @param meta origin, index and time of the event
 * @param step the step
 * @param selected the names of the chosen steps
 * @param results the results of the executed steps, in their order
 */
public record RouterExecutionCompleted(EventMeta meta, StepRef step, List<String> selected, List<StepOutput> results)
        implements StepEvent {
    public RouterExecutionCompleted {
        selected = List.copyOf(selected);
        results = List.copyOf(results);
    }
}
