package dev.rein.internal.stop;

import dev.rein.cancel.Aborter;
import dev.rein.cancel.CancelCause;
import dev.rein.cancel.Cancellation;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The cancellation of code that works for no run: it is never cancelled, and only an interrupt of the thread ends its waits. They then
 * return early, with the interrupt status set. Stateless.
 */
public enum ThreadCancellation implements Cancellation {
    INSTANCE;

    @Override
    public boolean isCancelled() {
        return false;
    }

    @Override
    public boolean isStopRequested() {
        return false;
    }

    @Override
    public @Nullable CancelCause cause() {
        return null;
    }

    @Override
    public void throwIfCancelled() {}

    @Override
    public Registration onCancel(Aborter aborter) {
        return () -> {};
    }

    /** Returns early if the thread is interrupted. */
    @Override
    public void sleep(Duration duration) {
        try {
            Thread.sleep(duration);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Cancels the future if the thread is interrupted. */
    @Override
    public <T extends @Nullable Object> T await(Future<T> future, @Nullable Duration timeout)
            throws ExecutionException, TimeoutException {
        try {
            return timeout == null ? future.get() : future.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            future.cancel(true);
            Thread.currentThread().interrupt();
            throw new CancellationException("the thread was interrupted while it waited");
        }
    }
}
