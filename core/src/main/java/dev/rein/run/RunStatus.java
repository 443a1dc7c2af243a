package dev.rein.run;

/** The status of a run. The last three are terminal: a run never leaves them. */
public enum RunStatus {
    /** Accepted, but not yet working. */
    PENDING,
    RUNNING,
    /** Waiting for decisions of people. */
    PAUSED,
    /** Being stopped: the work that may still finish does, and cleanup runs. */
    CANCELLING,
    COMPLETED,
    CANCELLED,
    ERROR;

    public boolean isTerminal() {
        return this == COMPLETED || this == CANCELLED || this == ERROR;
    }
}
