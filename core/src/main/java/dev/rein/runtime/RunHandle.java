package dev.rein.runtime;

import dev.rein.cancel.CancelRequest;
import dev.rein.run.CancelResult;
import dev.rein.run.RunOutput;
import dev.rein.run.RunStatus;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** A run in the background. Thread-safe; remains usable after the run has ended. */
public interface RunHandle {

    String id();

    RunStatus status();

    /** What it has come to so far; final once {@link #status()} is. Does not wait. */
    RunOutput output();

    /** Waits until it has ended, or is paused. Interrupting the waiting thread only ends the wait. */
    RunOutput await() throws InterruptedException;

    /** @throws TimeoutException if it has neither ended nor is paused after {@code timeout}; the run goes on */
    RunOutput await(Duration timeout) throws InterruptedException, TimeoutException;

    /** Stops it now. */
    default CancelResult cancel() {
        return cancel(CancelRequest.now());
    }

    CancelResult cancel(CancelRequest request);

    /**
     * Has {@code listener} told what the run has come to, once, after its end; at once if that has come. It is called by the
     * thread that ended the run, and must not block.
     */
    void onEnd(Consumer<RunOutput> listener);

    /** Its events from the beginning. A slow reader is not waited for: see {@link StreamExpiredException}. */
    default EventStream events() {
        return events(-1);
    }

    /** Its events after the one with {@code lastIndex}; -1 for all. */
    EventStream events(long lastIndex);
}
