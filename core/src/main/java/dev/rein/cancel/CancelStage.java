package dev.rein.cancel;

/** The stage of a run at the time of the request to stop it. */
public enum CancelStage {
    /** The run had not started to work: no model request was sent and no tool was called. */
    PENDING,
    /** The run was working. */
    EXECUTING,
    /** The run was paused and waited for decisions. */
    PAUSED
}
