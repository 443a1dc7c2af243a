package dev.rein.run.event;

import dev.rein.run.StepRef;
import java.util.Map;

/**
 * The function of a step reports its progress.
 *
 * @param meta origin, index and time of the event
 * @param step the step
 * @param content the message
 * @param data the data of the report
 */
public record StepProgress(EventMeta meta, StepRef step, String content, Map<String, Object> data)
        implements StepEvent {
    public StepProgress {
        data = Map.copyOf(data);
    }
}
