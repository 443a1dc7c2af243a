package dev.rein.internal.storing;

import dev.rein.queue.Checkpoints;
import dev.rein.queue.QueuedRun;
import dev.rein.queue.RunQueue;
import dev.rein.session.StoredRun;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Writes the checkpoints of a durable run that this process has claimed. Thread-safe. */
public final class CheckpointWriter {
    private final RecordedRun run;
    private final RunQueue queue;
    private final StoreWriter storage;
    private final Checkpoints policy;

    /** The write that has not begun; null if there is none. Guarded by this. */
    private @Nullable CompletableFuture<Boolean> next;

    CheckpointWriter(RecordedRun run, RunQueue queue, StoreWriter storage, QueuedRun place) {
        this.run = run;
        this.queue = queue;
        this.storage = storage;
        this.policy = place.checkpoints();
    }

    /** Whether the checkpoints are at least as fine as that. */
    public boolean has(Checkpoints atLeast) {
        return policy.compareTo(atLeast) >= 0;
    }

    /**
     * Writes the run as it is now, at once, behind earlier changes. Calls that come before the write begins share it.
     *
     * @param then called when that is done or has failed
     * @return whether the run is still this process's
     */
    public CompletableFuture<Boolean> write(Runnable then) {
        CompletableFuture<Boolean> write;
        synchronized (this) {
            var pending = next;
            write = pending == null ? storage.submit(this::writeNow) : pending;
            next = write;
        }
        var _ = write.whenComplete((_, _) -> then.run());
        return write;
    }

    private boolean writeNow() {
        synchronized (this) {
            next = null;
        }
        run.refresh();
        var record = run.record();
        var row = run.<@Nullable StoredRun>locked(
                () -> record == null || record.isOver() ? null : run.snapshot(run.status()));
        return row != null && queue.checkpoint(row);
    }
}
