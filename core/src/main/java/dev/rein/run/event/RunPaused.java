package dev.rein.run.event;

import dev.rein.run.Requirement;
import java.util.List;

/**
 * An agent or team is paused and waits for decisions. Its stream ends here; {@code continueStream} opens the next one.
 *
 * @param meta origin, index and time of the event
 * @param requirements the requirements of this run and of the runs below it
 */
public record RunPaused(EventMeta meta, List<Requirement> requirements) implements Paused {
    public RunPaused {
        requirements = List.copyOf(requirements);
    }
}
