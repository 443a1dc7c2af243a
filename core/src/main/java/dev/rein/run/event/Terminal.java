package dev.rein.run.event;

import dev.rein.run.RunStatus;

/** The last event of a run: exactly one, after those of all its children. */
public sealed interface Terminal extends RunEvent permits RunCompleted, RunCancelled, RunError, WorkflowCompleted, WorkflowCancelled, WorkflowError {

    /** COMPLETED, CANCELLED or ERROR. */
    RunStatus status();

    /** Whether this ends the whole tree. */
    default boolean isRoot() {
        return meta().origin().parentRunId() == null;
    }
}
