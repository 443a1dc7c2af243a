package dev.rein.queue;

import dev.rein.run.RunStatus;

/** What has become of a durable run, as the place in its store's queue shows it. */
public enum PlaceState {
    /** It waits for a process, also for another attempt. */
    QUEUED,
    /** A process executes it. */
    RUNNING,
    /** It waits for a decision. */
    PAUSED,
    /** It has ended as COMPLETED. */
    COMPLETED,
    /** It has ended as ERROR. */
    FAILED,
    /** It has ended as CANCELLED. */
    CANCELLED;

    /**
     * Returns the state of a place.
     *
     * @param status the status of its run
     * @param isQueued whether it waits for a process
     */
    public static PlaceState of(RunStatus status, boolean isQueued) {
        return switch (status) {
            case COMPLETED -> COMPLETED;
            case ERROR -> FAILED;
            case CANCELLED -> CANCELLED;
            case PAUSED -> PAUSED;
            default -> isQueued ? QUEUED : RUNNING;
        };
    }
}
