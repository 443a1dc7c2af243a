package dev.rein.run.event;

import dev.rein.run.RunMetrics;
import dev.rein.run.RunStatus;

/**
 * The run is done.
 *
 * @param meta where and when
 * @param content the whole answer
 * @param metrics tokens, calls and times
 * @param stored whether its store has it; true when it has no store
 */
public record RunCompleted(EventMeta meta, String content, RunMetrics metrics, boolean stored) implements Terminal {
    @Override
    public RunStatus status() {
        return RunStatus.COMPLETED;
    }
}
