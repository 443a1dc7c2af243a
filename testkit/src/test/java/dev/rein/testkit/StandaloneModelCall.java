package dev.rein.testkit;

import dev.rein.cancel.Aborter;
import dev.rein.cancel.CancelCause;
import dev.rein.cancel.Cancellation;
import dev.rein.model.ModelCall;
import dev.rein.model.Usage;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A call outside of a run, which is never stopped. */
final class StandaloneModelCall implements ModelCall, Cancellation {
    @Override
    public Cancellation cancellation() {
        return this;
    }

    @Override
    public String runId() {
        return "none";
    }

    @Override
    public void text(String delta) {}

    @Override
    public void reasoning(String delta) {}

    @Override
    public void progress(int characters) {}

    @Override
    public void usage(Usage usage) {}

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

    @Override
    public void sleep(Duration duration) {
        throw new UnsupportedOperationException("nothing here waits");
    }

    @Override
    public <T extends @Nullable Object> T await(Future<T> future, @Nullable Duration timeout)
            throws ExecutionException, TimeoutException {
        try {
            return future.get(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
