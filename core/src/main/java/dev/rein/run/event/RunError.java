package dev.rein.run.event;

import dev.rein.run.RunFailure;
import dev.rein.run.RunStatus;

/**
 * The run has failed.
 *
 * @param meta where and when
 * @param failure why
 * @param content what had been delivered
 * @param stored whether its store has it; true when it has no store
 */
public record RunError(EventMeta meta, RunFailure failure, String content, boolean stored) implements Terminal {
    @Override
    public RunStatus status() {
        return RunStatus.ERROR;
    }
}
