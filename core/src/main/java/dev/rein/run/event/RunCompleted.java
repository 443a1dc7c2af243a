package dev.rein.run.event;

import dev.rein.run.RunMetrics;
import dev.rein.run.RunStatus;

/**
 * An agent's or team's run has completed.
 *
 * @param meta origin, index and time of the event
 * @param content the whole answer
 * @param metrics tokens, calls and times
 * @param stored whether the run is in its store; true when it has no store
 */
public record RunCompleted(EventMeta meta, String content, RunMetrics metrics, boolean stored) implements Terminal {
    @Override
    public RunStatus status() {
        return RunStatus.COMPLETED;
    }
}
