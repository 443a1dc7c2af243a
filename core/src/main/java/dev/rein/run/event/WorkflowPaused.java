package dev.rein.run.event;

import dev.rein.run.Requirement;
import java.util.List;

/**
 * The workflow waits for people; its stream ends here, and goes on with {@code continueStream}.
 *
 * @param meta where and when
 * @param requirements what is waited for, of this run and all below it
 */
public record WorkflowPaused(EventMeta meta, List<Requirement> requirements) implements Paused {
    public WorkflowPaused {
        requirements = List.copyOf(requirements);
    }
}
