package dev.rein.run.event;

import dev.rein.run.Requirement;
import java.util.List;

/**
 * The agent or team waits for people; its stream ends here, and goes on with {@code continueStream}.
 *
 * @param meta where and when
 * @param requirements what is waited for, of this run and all below it
 */
public record RunPaused(EventMeta meta, List<Requirement> requirements) implements Paused {
    public RunPaused {
        requirements = List.copyOf(requirements);
    }
}
