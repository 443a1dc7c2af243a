package dev.rein.runtime;

import dev.rein.cancel.CancelRequest;
import dev.rein.run.CancelResult;
import dev.rein.run.RunOutput;
import dev.rein.run.RunStatus;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** A handle of a run. Thread-safe; remains usable after the run has ended. */
public interface RunHandle {

    /** The id of the run. */
    String id();

    /** The current status. */
    RunStatus status();

    /** Returns the output so far, final once {@link #status()} is terminal. Does not wait. */
    RunOutput output();

    /** Waits until the run has ended or is paused. Interrupting the waiting thread ends the wait only, not the run. */
    RunOutput await() throws InterruptedException;

    /**
     * Waits until the run has ended or is paused, at most for the given time.
     *
     * @throws TimeoutException if the time has elapsed; the run continues
     */
    RunOutput await(Duration timeout) throws InterruptedException, TimeoutException;

    /** Stops the run now. */
    default CancelResult cancel() {
        return cancel(CancelRequest.now());
    }

    /** Stops the run. */
    CancelResult cancel(CancelRequest request);

    /**
     * Registers a listener for the output of the run, which is called once after its end. It is called on a thread of its own,
     * after everything that waits for the run has been notified: a listener that blocks or throws delays neither other runs nor
     * other listeners. If the run has ended already, the calling thread calls the listener at once.
     *
     * @throws IllegalStateException if 10,000 are registered
     */
    void onEnd(Consumer<RunOutput> listener);

    /** Subscribes to all events. The run does not wait for a slow reader, see {@link StreamExpiredException}. */
    default EventStream events() {
        return events(-1);
    }

    /**
     * Subscribes to the events after an index.
     *
     * @param lastIndex the index of the last event that was read; -1 for all events
     */
    EventStream events(long lastIndex);
}
