package dev.rein.openai.internal;

import com.openai.core.http.HttpResponse;
import dev.rein.cancel.Cancellation;
import dev.rein.model.ModelException;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP exchange, and what ends it. Its aborter is registered before anything is sent and stays until the exchange is
 * closed. What the aborter does depends on what is awaited:
 *
 * <pre>
 *   nothing yet --send--&gt; headers --answered--&gt; body --close--&gt; nothing
 *                         cancel the future     close the body
 * </pre>
 *
 * {@code awaited} holds the current way out; {@link Over#ABORTED} in it is final, and every step that finds it there takes
 * its own way out at once. The exchange is used by one thread; only {@link #abort} comes from others.
 */
final class Exchange implements AutoCloseable {

    /** An enum, because it is told by its identity. */
    private enum Over implements AutoCloseable {
        ABORTED;

        @Override
        public void close() {}
    }

    private static final ScopedValue<Exchange> CURRENT = ScopedValue.newInstance();

    private final Endpoint endpoint;
    private final @Nullable Cancellation cancellation;
    private final @Nullable Duration answerWithin;
    private final AtomicReference<@Nullable AutoCloseable> awaited = new AtomicReference<>();
    private final Cancellation.@Nullable Registration registration;
    private @Nullable Body body;

    /**
     * @param cancellation what stops it; null for nothing
     * @param answerWithin until the headers are there; null waits until the run is stopped
     */
    Exchange(Endpoint endpoint, @Nullable Cancellation cancellation, @Nullable Duration answerWithin) {
        this.endpoint = endpoint;
        this.cancellation = cancellation;
        this.answerWithin = answerWithin;
        this.registration = cancellation == null ? null : cancellation.onCancel(this::abort);
    }

    /** The exchange that the calling thread is in the middle of {@link #call}. */
    static Exchange current() {
        return CURRENT.get();
    }

    /** Calls the SDK, which comes back to {@link #send} through the transport. */
    void call(Runnable sdk) {
        ScopedValue.where(CURRENT, this).run(sdk);
    }

    /** Sends, and waits for a good answer's headers. Any other answer is a {@link ModelException}. */
    HttpResponse send(HttpRequest.Builder request) {
        throwIfCancelled();
        if (answerWithin != null) {
            request.timeout(answerWithin);
        }
        var answer = endpoint.http().sendAsync(request.build(), info -> new Body.Receiver());
        await(() -> answer.cancel(true));
        var received = new Body(get(answer));
        body = received;
        await(received::abort);
        Failures.throwUnlessGood(endpoint, received);
        return received;
    }

    private <T> T get(CompletableFuture<T> answer) {
        try {
            return answer.get();
        } catch (InterruptedException e) {
            // Leaving without this would leave the request running.
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throwIfCancelled();
            throw new ModelException(
                    ModelException.Kind.CONNECTION,
                    "The thread was interrupted while it waited for " + endpoint.address(),
                    0,
                    null,
                    null,
                    e);
        } catch (CancellationException e) {
            throwIfCancelled();
            throw Failures.unreachable(endpoint, e);
        } catch (ExecutionException e) {
            // Not an IOException: the SDK would send a request again that the run no longer wants.
            throwIfCancelled();
            throw Failures.unreachable(endpoint, e.getCause() != null ? e.getCause() : e);
        }
    }

    /** The answer's body. To be asked for after {@link #call}. */
    Body body() {
        if (body == null) {
            throw new IllegalStateException("nothing was answered yet");
        }
        return body;
    }

    private void throwIfCancelled() {
        if (cancellation != null) {
            cancellation.throwIfCancelled();
        }
    }

    private void await(AutoCloseable wayOut) {
        if (awaited.getAndUpdate(before -> before == Over.ABORTED ? before : wayOut) == Over.ABORTED) {
            takeOut(wayOut);
        }
    }

    private void abort() {
        var wayOut = awaited.getAndSet(Over.ABORTED);
        if (wayOut != null) {
            takeOut(wayOut);
        }
    }

    private static void takeOut(AutoCloseable wayOut) {
        try {
            wayOut.close();
        } catch (Exception e) {
            throw new IllegalStateException("closing the connection failed", e);
        }
    }

    /** The answer was read to its end: the connection may serve another request. */
    void finished() throws IOException {
        body().finish();
        body = null;
    }

    /** Ends the exchange; breaks the connection off unless it was {@link #finished}. */
    @Override
    public void close() {
        if (registration != null) {
            registration.close();
        }
        if (body != null) {
            body.abort();
        }
    }
}
