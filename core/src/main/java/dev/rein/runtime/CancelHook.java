package dev.rein.runtime;

import dev.rein.cancel.CancelCause;
import dev.rein.run.RunContext;

/**
 * Cleanup after a stop. Runs once the run's own code has returned or was abandoned, uninterrupted, beside the other hooks,
 * and is abandoned at its time limit. What it throws is logged.
 */
@FunctionalInterface
public interface CancelHook {
    void cancelled(RunContext context, CancelCause cause) throws Exception;
}
