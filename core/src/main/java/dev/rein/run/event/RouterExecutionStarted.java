package dev.rein.run.event;

import dev.rein.run.StepRef;
import java.util.List;

/**
 * A router has chosen.
 *
 * @param meta where and when
 * @param step the step
 * @param selected the names of the steps it chose
 */
public record RouterExecutionStarted(EventMeta meta, StepRef step, List<String> selected) implements StepEvent {
    public RouterExecutionStarted {
        selected = List.copyOf(selected);
    }
}
