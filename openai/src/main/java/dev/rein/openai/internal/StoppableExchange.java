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
 * An HTTP exchange that a stop aborts. Its aborter is registered before the request is sent, and stays registered until the exchange is
 * closed. What the aborter does depends on the state:
 *
 * <pre>
 *   not sent --send--&gt; waiting for headers --received--&gt; reading the body --close--&gt; closed
 *                      cancel the future                 close the body
 * </pre>
 *
 * {@code currentAbort} holds the action for the current state. {@link Aborted#ABORTED} is final: every transition that finds it runs its
 * own action at once. The exchange is used by one thread; only {@link #abort} is called by others.
 */
final class StoppableExchange implements AutoCloseable {

    /** An enum, because it is compared by identity. */
    private enum Aborted implements AutoCloseable {
        ABORTED;

        @Override
        public void close() {}
    }

    private static final ScopedValue<StoppableExchange> CURRENT = ScopedValue.newInstance();

    private final Endpoint endpoint;
    private final @Nullable Cancellation cancellation;
    private final @Nullable Duration headersTimeout;
    private final AtomicReference<@Nullable AutoCloseable> currentAbort = new AtomicReference<>();
    private final Cancellation.@Nullable Registration registration;
    private @Nullable StreamedHttpResponse response;

    /**
     * @param cancellation aborts the exchange; null if nothing does
     * @param headersTimeout for receiving the headers; null for none
     */
    StoppableExchange(Endpoint endpoint, @Nullable Cancellation cancellation, @Nullable Duration headersTimeout) {
        this.endpoint = endpoint;
        this.cancellation = cancellation;
        this.headersTimeout = headersTimeout;
        this.registration = cancellation == null ? null : cancellation.onCancel(this::abort);
    }

    /** The exchange whose {@link #call} the calling thread is executing. */
    static StoppableExchange current() {
        return CURRENT.get();
    }

    /** Runs {@code sdkCall}, which calls the SDK, whose transport calls {@link #send}. */
    void call(Runnable sdkCall) {
        ScopedValue.where(CURRENT, this).run(sdkCall);
    }

    /**
     * Sends the request and waits for the headers of the response.
     *
     * @throws ModelException if there is no response, or its status is not a success
     */
    HttpResponse send(HttpRequest.Builder request) {
        throwIfCancelled();
        if (headersTimeout != null) {
            request.timeout(headersTimeout);
        }
        var future = endpoint.httpClient().sendAsync(request.build(), info -> new StreamedHttpResponse.Receiver());
        onAbort(() -> future.cancel(true));
        var received = new StreamedHttpResponse(get(future));
        response = received;
        onAbort(received::abort);
        ModelExceptions.throwUnlessSuccess(endpoint, received);
        return received;
    }

    private <T> T get(CompletableFuture<T> future) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            // Otherwise the request would continue.
            future.cancel(true);
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
            throw ModelExceptions.unreachable(endpoint, e);
        } catch (ExecutionException e) {
            // Never an IOException, because the SDK would retry the request.
            throwIfCancelled();
            throw ModelExceptions.unreachable(endpoint, e.getCause() != null ? e.getCause() : e);
        }
    }

    /** The response, which is available after {@link #call}. */
    StreamedHttpResponse response() {
        if (response == null) {
            throw new IllegalStateException("no response has been received yet");
        }
        return response;
    }

    private void throwIfCancelled() {
        if (cancellation != null) {
            cancellation.throwIfCancelled();
        }
    }

    private void onAbort(AutoCloseable action) {
        if (currentAbort.getAndUpdate(before -> before == Aborted.ABORTED ? before : action) == Aborted.ABORTED) {
            run(action);
        }
    }

    private void abort() {
        var action = currentAbort.getAndSet(Aborted.ABORTED);
        if (action != null) {
            run(action);
        }
    }

    private static void run(AutoCloseable action) {
        try {
            action.close();
        } catch (Exception e) {
            throw new IllegalStateException("closing the connection failed", e);
        }
    }

    /** Lets the connection be used for other requests. To be called when the last event has been read. */
    void releaseConnection() throws IOException {
        response().releaseConnection();
        response = null;
    }

    /** Ends the exchange, and closes the connection unless it was {@linkplain #releaseConnection released}. */
    @Override
    public void close() {
        if (registration != null) {
            registration.close();
        }
        if (response != null) {
            response.abort();
        }
    }
}
