package dev.rein.runtime;

import dev.rein.cancel.CancelCause;
import dev.rein.run.RunContext;

/**
 * A cleanup after a run was cancelled. It runs after the code of the run has returned or was abandoned, concurrently with
 * the other hooks. It is not interrupted by the stop, but abandoned at its time limit. Exceptions are logged.
 */
@FunctionalInterface
public interface CancelHook {
    void cancelled(RunContext context, CancelCause cause) throws Exception;
}
