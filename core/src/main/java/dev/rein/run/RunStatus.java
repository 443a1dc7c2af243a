package dev.rein.run;

/** Where a run stands. The last three are final: a run that is in one of them never leaves it. */
public enum RunStatus {
    /** Accepted, not yet working. */
    PENDING,
    RUNNING,
    /** Waiting for a human's decision. */
    PAUSED,
    /** Told to stop; what may still finish does, and cleanup runs. */
    CANCELLING,
    COMPLETED,
    CANCELLED,
    ERROR;

    public boolean isTerminal() {
        return this == COMPLETED || this == CANCELLED || this == ERROR;
    }
}
