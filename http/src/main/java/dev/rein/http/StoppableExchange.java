package dev.rein.http;

import dev.rein.cancel.Cancellation;
import dev.rein.model.ModelException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
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
 * own action at once.
 *
 * <p>After a stop, what a read of the body throws is irrelevant: ask the cancellation, not the type of the exception. An exchange is
 * used by one thread; only the aborter runs on others.
 */
public final class StoppableExchange implements AutoCloseable {

    /** An enum, because it is compared by identity. */
    private enum Aborted implements AutoCloseable {
        ABORTED;

        @Override
        public void close() {}
    }

    private final ModelEndpoint endpoint;
    private final @Nullable Cancellation cancellation;
    private final @Nullable Duration headersTimeout;
    private final AtomicReference<@Nullable AutoCloseable> currentAbort = new AtomicReference<>();
    private final Cancellation.@Nullable Registration registration;
    private @Nullable StreamedResponse response;
    private @Nullable HttpClient ownClient;

    /**
     * An exchange that sends nothing yet.
     *
     * @param cancellation aborts the exchange; null if nothing does
     * @param headersTimeout for receiving the headers; null for none
     */
    public StoppableExchange(
            ModelEndpoint endpoint, @Nullable Cancellation cancellation, @Nullable Duration headersTimeout) {
        this.endpoint = endpoint;
        this.cancellation = cancellation;
        this.headersTimeout = headersTimeout;
        this.registration = cancellation == null ? null : cancellation.onCancel(this::abort);
    }

    /**
     * Sends the request and waits for the headers of the response. To be called once.
     *
     * @param request such as {@link ModelEndpoint#request}; must be to the host of the endpoint
     * @return the response, with any status; it is closed with this exchange
     * @throws ModelException if there is no response
     * @throws dev.rein.cancel.CancelledException if the run has been stopped
     */
    public StreamedResponse send(HttpRequest.Builder request) {
        if (headersTimeout != null) {
            request.timeout(headersTimeout);
        }
        var sent = request.build();
        var client = endpoint.httpClient();
        var sentNanos = System.nanoTime();
        try {
            return opened(send(sent, client), client);
        } catch (ExecutionException e) {
            throwIfCancelled();
            var cause = e.getCause() != null ? e.getCause() : e;
            var waited = Duration.ofNanos(System.nanoTime() - sentNanos);
            if (!PooledConnections.mayHaveBeenClosed(client, endpoint.address(), cause, waited)) {
                throw ModelExceptions.unreachable(endpoint, cause);
            }
        }
        var fresh = PooledConnections.withoutAny(client);
        ownClient = fresh.equals(client) ? null : fresh;
        try {
            return opened(send(sent, fresh), fresh);
        } catch (ExecutionException e) {
            throwIfCancelled();
            throw ModelExceptions.unreachable(endpoint, e.getCause() != null ? e.getCause() : e);
        }
    }

    private StreamedResponse send(HttpRequest request, HttpClient client) throws ExecutionException {
        throwIfCancelled();
        var future = client.sendAsync(request, info -> new StreamedResponse.Receiver());
        onAbort(() -> abandon(future));
        return new StreamedResponse(endpoint, get(future));
    }

    /** Ends a request whose response nobody takes, not even one that arrives at this moment. */
    private void abandon(CompletableFuture<HttpResponse<StreamedResponse.Receiver.Opened>> future) {
        future.cancel(true);
        var _ = future.thenAccept(late -> new StreamedResponse(endpoint, late).abort());
    }

    private StreamedResponse opened(StreamedResponse received, HttpClient client) {
        response = received;
        onAbort(received::abort);
        var address = endpoint.address();
        received.onEnd(() -> PooledConnections.kept(client, address));
        return received;
    }

    private HttpResponse<StreamedResponse.Receiver.Opened> get(
            CompletableFuture<HttpResponse<StreamedResponse.Receiver.Opened>> future) throws ExecutionException {
        try {
            return future.get();
        } catch (InterruptedException e) {
            // Otherwise the request would continue.
            abandon(future);
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
        }
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

    /** Ends the exchange from another thread: who waits for it gets a failure. Does not block. */
    void abort() {
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

    /**
     * Lets the connection be used for other requests. To be called when all that is needed of the body has been read; its end, which
     * usually arrives a little later, is awaited for a second in the background.
     */
    public void releaseConnection() {
        if (response == null) {
            throw new IllegalStateException("no response has been received yet");
        }
        response.releaseConnection();
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
        if (ownClient != null) {
            // Ends when the response has ended.
            ownClient.shutdown();
        }
    }
}
