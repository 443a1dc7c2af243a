package dev.rein.internal.storing;

import dev.rein.cancel.CancelRequest;
import dev.rein.run.CancelResult;
import dev.rein.run.RunStatus;
import dev.rein.runtime.EventStream;
import dev.rein.session.StoredRun;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A live run, as far as storing it needs to know. Thread-safe. */
public interface RecordedRun {
    String id();

    boolean isRoot();

    boolean isPaused();

    RunStatus status();

    /** Cancels the run in this process, without asking the store who owns it. */
    CancelResult cancelHere(CancelRequest request);

    /** The record of the run; null if the run is not stored. */
    @Nullable
    RunRecord record();

    /** Copies values that user code may still change, for the next snapshot. Runs user code, so it is not called under the lock. */
    void refresh();

    /** The run as it would be stored now, with the values of the last {@link #refresh()}. */
    StoredRun snapshot(RunStatus status);

    /** The events of the run and of those below it, after an index. */
    EventStream events(long afterIndex);

    /** Whether another process could resume the run: it is paused, and nothing prevents that. */
    boolean isResumable();

    /** Does something once the calling thread has left the lock of the tree; at once if it does not hold it. */
    void afterUnlock(Runnable action);

    /** Performs an action under the lock of the run's tree. */
    <T extends @Nullable Object> T locked(Supplier<T> action);
}
