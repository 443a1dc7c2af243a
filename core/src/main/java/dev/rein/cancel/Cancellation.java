package dev.rein.cancel;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The read side of a stop, as a tool, a hook or a model adapter sees it. Code that is about to block says first how its
 * wait is ended:
 *
 * {@snippet :
 * try (var abort = cancellation.onCancel(statement::cancel)) {
 *     return statement.executeQuery();
 * }
 * }
 *
 * Thread-safe. Code that never looks at this is stopped too: its thread is interrupted, and abandoned when it is deaf to
 * that.
 */
public interface Cancellation {

    /** Whether the run must stop now. Once true, always true. */
    boolean isCancelled();

    /** Whether any stop was asked for, also one that lets the current turn finish. */
    boolean isStopRequested();

    /** Why; null while no stop was asked for. */
    @Nullable
    CancelCause cause();

    /** @throws CancelledException if the run must stop now */
    void throwIfCancelled() throws CancelledException;

    /**
     * Registers what ends a wait of the current thread. Runs it at once when the run is stopped already. Close the
     * registration when the wait is over. The current thread is interrupted a moment after its aborters ran, should it
     * still not have come back.
     */
    Registration onCancel(Aborter aborter);

    /**
     * Sleeps, and wakes at once when the run is stopped.
     *
     * @throws CancelledException then
     */
    void sleep(Duration duration) throws CancelledException;

    /**
     * Waits for a future that another party completes; cancels it when the run is stopped.
     *
     * @throws CancelledException if the run is stopped first
     * @throws ExecutionException if the future failed
     * @throws TimeoutException after {@code timeout}; null waits without end
     */
    <T extends @Nullable Object> T await(Future<T> future, @Nullable Duration timeout)
            throws CancelledException, ExecutionException, TimeoutException;

    /** Takes an aborter back. Closing twice does nothing. */
    interface Registration extends AutoCloseable {
        @Override
        void close();
    }
}
