package dev.rein.run.event;

import dev.rein.run.RunFailure;
import dev.rein.run.RunStatus;

/**
 * An agent's or team's run has failed.
 *
 * @param meta origin, index and time of the event
 * @param failure the reason
 * @param content the text delivered so far
 * @param stored whether the run is in its store; true when it has no store
 */
public record RunError(EventMeta meta, RunFailure failure, String content, boolean stored) implements Terminal {
    @Override
    public RunStatus status() {
        return RunStatus.ERROR;
    }
}
