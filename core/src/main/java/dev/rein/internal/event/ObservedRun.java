package dev.rein.internal.event;

import dev.rein.cancel.CancelRequest;
import dev.rein.run.CancelResult;
import dev.rein.run.RunOutput;
import dev.rein.run.RunStatus;
import org.jspecify.annotations.Nullable;

/** The view of a run for readers of its events. Thread-safe. */
public interface ObservedRun {
    String id();

    RunStatus status();

    RunOutput output();

    CancelResult cancel(CancelRequest request);

    /** Whether the given run of the same tree is this run or a descendant. */
    boolean covers(String runId);

    /** Whether the run is paused until people decide. */
    boolean isPaused();

    boolean isEnded();

    /** Whether the run is ended or paused, so that no event follows without a decision. */
    default boolean rests() {
        return isEnded() || isPaused();
    }

    /** Returns the output if the run has ended or is paused, decided in one step; null while it works. */
    @Nullable
    RunOutput outputAtRest();

    /** Waits uninterruptibly for the end. Once the run is stopped, bounded by the grace period and the limits of cleanups. */
    void awaitEnd();
}
