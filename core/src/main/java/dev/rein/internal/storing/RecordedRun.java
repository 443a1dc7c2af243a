package dev.rein.internal.storing;

import dev.rein.cancel.CancelRequest;
import dev.rein.run.CancelResult;
import dev.rein.run.RunStatus;
import dev.rein.session.StoredRun;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A live run as its record in a store sees it. Thread-safe. */
public interface RecordedRun {
    String id();

    boolean isRoot();

    boolean isPaused();

    RunStatus status();

    /** Cancels it in this process, whichever owns it. */
    CancelResult cancelHere(CancelRequest request);

    /** Its record; null when it is not stored. */
    @Nullable
    RunRecord record();

    /** Copies what users' code may still change, for the next snapshot. Not called under the lock: it runs users' code. */
    void refresh();

    /** It as it would be stored now; what users' code may change, as it was at the last {@link #refresh()}. */
    StoredRun snapshot(RunStatus status);

    /** Whether another process could resume it: it is paused, and nothing is in the way. */
    boolean isResumable();

    /** Does something under the lock of its tree. */
    <T extends @Nullable Object> T locked(Supplier<T> action);
}
