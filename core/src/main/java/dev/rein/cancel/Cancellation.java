package dev.rein.cancel;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The read side of a stop, for tools, hooks and model adapters. Code that is about to block registers first how its wait can
 * be ended:
 *
 * {@snippet :
 * try (var abort = cancellation.onCancel(statement::cancel)) {
 *     return statement.executeQuery();
 * }
 * }
 *
 * Code that does not use this interface is stopped too: its thread is interrupted, and abandoned if it does not respond
 * within the grace period. Thread-safe.
 */
public interface Cancellation {

    /** Whether the run must stop now. Once true, always true. */
    boolean isCancelled();

    /** Whether a stop was requested, including one that lets the current turn finish. */
    boolean isStopRequested();

    /** The cause of the stop; null if no stop was requested. */
    @Nullable
    CancelCause cause();

    /**
     * Throws if the run must stop now.
     *
     * @throws CancelledException if {@link #isCancelled()}
     */
    void throwIfCancelled() throws CancelledException;

    /**
     * Registers an aborter that ends a wait of the current thread; it runs at once if the run is cancelled already. Close
     * the registration after the wait. If the thread still waits a moment after its aborters ran, it is interrupted.
     */
    Registration onCancel(Aborter aborter);

    /**
     * Sleeps for the given duration.
     *
     * @throws CancelledException as soon as the run is cancelled
     */
    void sleep(Duration duration) throws CancelledException;

    /**
     * Waits for a future, and cancels it when the run is cancelled.
     *
     * @param timeout the maximum time to wait; null to wait without a limit
     * @throws CancelledException if the run is cancelled first
     * @throws ExecutionException if the future has failed
     * @throws TimeoutException if the future is not completed within {@code timeout}
     */
    <T extends @Nullable Object> T await(Future<T> future, @Nullable Duration timeout)
            throws CancelledException, ExecutionException, TimeoutException;

    /** The registration of an aborter. {@link #close()} removes the aborter; calling it again has no effect. */
    interface Registration extends AutoCloseable {
        @Override
        void close();
    }
}
