package dev.rein.internal.pause;

import dev.rein.cancel.CancelKind;
import dev.rein.cancel.CancelRequest;
import dev.rein.internal.stop.Scope;
import dev.rein.internal.storing.CheckpointWriter;
import dev.rein.internal.storing.RecordedRun;
import dev.rein.queue.Checkpoints;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The checkpoints of durable runs, from which another process can go on. For other runs all of this does nothing. */
public final class RunCheckpoint {
    /** How long a run waits for its store before the next step or tool call. */
    private static final Duration WAIT = Duration.ofSeconds(30);

    private RunCheckpoint() {}

    private static @Nullable CheckpointWriter writer(RecordedRun run, Checkpoints atLeast) {
        var record = run.record();
        var writer = record == null ? null : record.checkpoints();
        return writer != null && writer.has(atLeast) ? writer : null;
    }

    /**
     * Has a run stored as it is now, and waits for it: what comes next must not happen if another process has the run.
     *
     * @param atLeast the coarsest policy that wants this checkpoint
     * @param marking what is noted before; called if the policy wants the checkpoint
     * @param waiting the scope that waits
     * @throws dev.rein.cancel.CancelledException if the run is stopped, or is another process's
     * @throws IllegalStateException if the store does not take it
     */
    public static void await(RecordedRun run, Checkpoints atLeast, Runnable marking, Scope waiting) {
        var writer = writer(run, atLeast);
        if (writer == null) {
            return;
        }
        marking.run();
        var write = writer.write(waiting::signal);
        waiting.awaitUntil(write::isDone, System.nanoTime() + WAIT.toNanos(), true);
        switch (write.state()) {
            case SUCCESS -> {
                if (!write.resultNow()) {
                    run.cancelHere(CancelRequest.now()
                            .kind(CancelKind.LEASE_LOST)
                            .reason("another process has ended or claimed it"));
                    waiting.throwIfCancelled();
                }
            }
            case FAILED ->
                throw new IllegalStateException("the store did not take the checkpoint", write.exceptionNow());
            default ->
                throw new IllegalStateException(
                        "the store did not take the checkpoint within " + WAIT.toSeconds() + " s");
        }
    }

    /** Has a run stored as it is now, without waiting. */
    public static void soon(RecordedRun run, Checkpoints atLeast) {
        var record = run.record();
        if (record != null && writer(run, atLeast) != null) {
            record.touchNow();
        }
    }
}
