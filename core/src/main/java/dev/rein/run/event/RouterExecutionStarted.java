package dev.rein.run.event;

import dev.rein.run.StepRef;
import java.util.List;

/**
 * A router has chosen steps, which start.
 *
 * @param meta origin, index and time of the event
 * @param step the step
 * @param selected the names of the chosen steps
 */
public record RouterExecutionStarted(EventMeta meta, StepRef step, List<String> selected) implements StepEvent {
    public RouterExecutionStarted {
        selected = List.copyOf(selected);
    }
}
