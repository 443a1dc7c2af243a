package dev.rein.testkit;

import dev.rein.cancel.Aborter;
import dev.rein.cancel.CancelCause;
import dev.rein.cancel.CancelKind;
import dev.rein.cancel.Cancellation;
import dev.rein.cancel.CancelledException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The cancellation of a {@link RecordingModelCall}: a stop runs each aborter on a platform thread of its own, and never interrupts. */
final class TestCancellation implements Cancellation {
    private final List<Aborter> aborters = new CopyOnWriteArrayList<>();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile @Nullable CancelCause cause;

    void stop() {
        List<Aborter> registered;
        synchronized (aborters) {
            cause = new CancelCause(CancelKind.USER, "stopped by the test", null, Instant.now());
            registered = List.copyOf(aborters);
        }
        stopped.countDown();
        for (var aborter : registered) {
            Thread.ofPlatform().name("test-aborter").start(() -> run(aborter));
        }
    }

    int registrations() {
        return aborters.size();
    }

    @Override
    public boolean isCancelled() {
        return cause != null;
    }

    @Override
    public boolean isStopRequested() {
        return isCancelled();
    }

    @Override
    public @Nullable CancelCause cause() {
        return cause;
    }

    @Override
    public void throwIfCancelled() {
        var why = cause;
        if (why != null) {
            throw new CancelledException(RecordingModelCall.RUN_ID, why);
        }
    }

    @Override
    public Registration onCancel(Aborter aborter) {
        synchronized (aborters) {
            if (cause == null) {
                aborters.add(aborter);
                return () -> aborters.remove(aborter);
            }
        }
        run(aborter);
        return () -> {};
    }

    @Override
    public void sleep(Duration duration) {
        try {
            if (stopped.await(duration.toNanos(), TimeUnit.NANOSECONDS)) {
                throwIfCancelled();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while sleeping", e);
        }
    }

    @Override
    public <T extends @Nullable Object> T await(Future<T> future, @Nullable Duration timeout)
            throws ExecutionException, TimeoutException {
        try (var _ = onCancel(() -> future.cancel(true))) {
            return timeout == null ? future.get() : future.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (CancellationException e) {
            throwIfCancelled();
            throw e;
        } catch (InterruptedException e) {
            throwIfCancelled();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting", e);
        }
    }

    private static void run(Aborter aborter) {
        try {
            aborter.abort();
        } catch (Exception e) {
            throw new IllegalStateException("an aborter failed", e);
        }
    }
}
