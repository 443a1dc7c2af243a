package dev.rein.run.event;

import dev.rein.run.RunStatus;

/** The last event of a run. Each run has exactly one, after those of all its child runs. */
public sealed interface Terminal extends RunEvent
        permits RunCompleted, RunCancelled, RunError, WorkflowCompleted, WorkflowCancelled, WorkflowError {

    /** COMPLETED, CANCELLED or ERROR. */
    RunStatus status();

    /** Whether the run is a root, so that this event ends the whole tree. */
    default boolean isRoot() {
        return meta().origin().parentRunId() == null;
    }
}
