package dev.rein.internal.event;

import dev.rein.cancel.CancelRequest;
import dev.rein.run.CancelResult;
import dev.rein.run.RunOutput;
import dev.rein.run.RunStatus;

/** A run as the readers of its events see it. Thread-safe. */
public interface ObservedRun {
    String id();

    RunStatus status();

    RunOutput output();

    CancelResult cancel(CancelRequest request);

    /** Whether an event of a run of its tree is one of its own, or of a run below it. */
    boolean covers(String runId);

    /** Whether it waits for people. */
    boolean isPaused();

    boolean isEnded();

    /** Whether it has ended or is paused: no event comes by itself. */
    default boolean rests() {
        return isEnded() || isPaused();
    }

    /** Waits for the end, uninterruptibly; bounded by the grace period and the cleanup's limits once it is stopped. */
    void awaitEnd();
}
