package dev.rein.run.event;

import dev.rein.run.StepRef;
import java.util.Map;

/**
 * A function tells how far it is.
 *
 * @param meta where and when
 * @param step the step
 * @param content what it tells
 * @param data figures that go with it
 */
public record StepProgress(EventMeta meta, StepRef step, String content, Map<String, Object> data) implements StepEvent {
    public StepProgress {
        data = Map.copyOf(data);
    }
}
