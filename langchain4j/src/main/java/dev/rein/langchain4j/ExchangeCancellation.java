package dev.rein.langchain4j;

import dev.langchain4j.http.client.sse.ServerSentEventParsingHandle;
import dev.rein.cancel.Aborter;
import dev.rein.cancel.CancelCause;
import dev.rein.cancel.CancelKind;
import dev.rein.cancel.Cancellation;
import dev.rein.cancel.CancelledException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The cancellation of one streamed exchange: by the handle that LangChain4j has of it, or with the run, if there is one. Thread-safe. */
final class ExchangeCancellation implements Cancellation, ServerSentEventParsingHandle, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ExchangeCancellation.class);

    private final @Nullable Cancellation run;
    private final List<Aborter> aborters = new ArrayList<>();
    private @Nullable CancelCause cause;
    private @Nullable Registration ofRun;

    ExchangeCancellation(@Nullable Cancellation run) {
        this.run = run;
    }

    /** From now on a stop of the run stops the exchange. */
    void begin() {
        if (run != null) {
            ofRun = run.onCancel(this::cancel);
        }
    }

    /** Whether the run has been stopped. */
    boolean isOfRun() {
        return run != null && run.isCancelled();
    }

    @Override
    public void cancel() {
        List<Aborter> registered;
        synchronized (aborters) {
            if (cause != null) {
                return;
            }
            cause = new CancelCause(CancelKind.USER, "the stream was cancelled", null, Instant.now());
            registered = List.copyOf(aborters);
        }
        registered.forEach(ExchangeCancellation::run);
    }

    @Override
    public boolean isCancelled() {
        return cause() != null;
    }

    @Override
    public boolean isStopRequested() {
        return isCancelled();
    }

    @Override
    public @Nullable CancelCause cause() {
        var stopped = run == null ? null : run.isCancelled() ? run.cause() : null;
        synchronized (aborters) {
            return stopped != null ? stopped : cause;
        }
    }

    @Override
    public void throwIfCancelled() {
        if (run != null) {
            run.throwIfCancelled();
        }
        var why = cause();
        if (why != null) {
            throw new CancelledException("of a streamed response", why);
        }
    }

    @Override
    public Registration onCancel(Aborter aborter) {
        synchronized (aborters) {
            if (cause == null) {
                aborters.add(aborter);
                return () -> remove(aborter);
            }
        }
        run(aborter);
        return () -> {};
    }

    private void remove(Aborter aborter) {
        synchronized (aborters) {
            aborters.remove(aborter);
        }
    }

    /** Not needed by an exchange. */
    @Override
    public void sleep(Duration duration) {
        throw new UnsupportedOperationException("an exchange does not sleep");
    }

    /** Not needed by an exchange. */
    @Override
    public <T extends @Nullable Object> T await(Future<T> future, @Nullable Duration timeout) {
        throw new UnsupportedOperationException("an exchange waits for no future");
    }

    @Override
    public void close() {
        if (ofRun != null) {
            ofRun.close();
        }
    }

    private static void run(Aborter aborter) {
        try {
            aborter.abort();
        } catch (Exception e) {
            LOG.warn("The connection of a streamed response could not be closed", e);
        }
    }
}
