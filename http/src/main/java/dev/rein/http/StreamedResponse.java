package dev.rein.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.model.ModelException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A response whose status and headers have been received, and whose body is read while it arrives. Used by one thread, and closed with
 * the {@link StoppableExchange} that it comes from.
 */
public final class StreamedResponse {

    /** How long to wait for the end of the body after its last event, before the connection is closed. */
    private static final long LINGER_MILLIS = 1_000;

    private final ModelEndpoint endpoint;
    private final HttpResponse<Receiver.Opened> response;
    private final InputStream body;

    StreamedResponse(ModelEndpoint endpoint, HttpResponse<Receiver.Opened> response) {
        this.endpoint = endpoint;
        this.response = response;
        this.body = DecodedBody.of(response.body().stream(), header("content-encoding"));
    }

    /** The HTTP status. */
    public int status() {
        return response.statusCode();
    }

    /** All headers; their names are found in any case. Immutable. */
    public Map<String, List<String>> headers() {
        return response.headers().map();
    }

    /** The first value of a header; null if there is none. */
    public @Nullable String header(String name) {
        return response.headers().firstValue(name).orElse(null);
    }

    /**
     * The body, decompressed if the server has compressed it. A read blocks until bytes arrive, and fails with an {@link IOException} once
     * the exchange is aborted.
     */
    public InputStream body() {
        return body;
    }

    /**
     * Does nothing if the status is 200 to 299.
     *
     * @throws ModelException of the status, with the server's own words from the body, and the wait that it asks for
     */
    public void throwUnlessSuccess() {
        ModelExceptions.throwUnlessSuccess(endpoint, this);
    }

    /**
     * Reads the whole body.
     *
     * @param maxBytes the maximum size
     * @throws ModelException if the connection is lost, or the body is larger
     */
    public byte[] readAll(int maxBytes) {
        byte[] bytes;
        try {
            bytes = body().readNBytes(maxBytes + 1);
        } catch (IOException e) {
            throw ModelExceptions.connectionLost(endpoint, status(), e);
        }
        if (bytes.length > maxBytes) {
            throw ModelExceptions.unreadable(
                    endpoint, status(), new IOException("it has more than " + maxBytes + " bytes"));
        }
        return bytes;
    }

    /**
     * The failure that a server reports in a response with a successful status.
     *
     * @param error the error as the server sent it, such as {@link ProviderError#find} has found it
     */
    public ModelException failure(JsonNode error) {
        return ModelExceptions.errorEvent(endpoint, this, error);
    }

    /** Closes the connection. May be called from any thread; a waiting read ends with an {@link IOException}. */
    void abort() {
        try {
            response.body().stream().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs the action, which must not block, when the body has been received to its end. */
    void onEnd(Runnable action) {
        var _ = response.body().end().thenAccept(isRegular -> {
            if (isRegular) {
                action.run();
            }
        });
    }

    /**
     * Lets the connection return to the pool. Closing it directly after the last event would make the next request open a new one,
     * because the bytes that end the body usually arrive a little later.
     */
    void releaseConnection() {
        if (!response.body().end().isDone()) {
            CompletableFuture.delayedExecutor(LINGER_MILLIS, TimeUnit.MILLISECONDS)
                    .execute(this::abort);
        }
    }

    /** Receives a body as a stream, and reports when its end has been received, even if it is not read. */
    static final class Receiver implements BodySubscriber<Receiver.Opened> {

        record Opened(InputStream stream, CompletableFuture<Boolean> end) {}

        private final BodySubscriber<InputStream> stream = BodySubscribers.ofInputStream();
        private final CompletableFuture<Boolean> end = new CompletableFuture<>();

        @Override
        public CompletionStage<Opened> getBody() {
            return stream.getBody().thenApply(in -> new Opened(in, end));
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            stream.onSubscribe(subscription);
        }

        @Override
        public void onNext(List<ByteBuffer> item) {
            stream.onNext(item);
        }

        @Override
        public void onError(Throwable failure) {
            stream.onError(failure);
            end.complete(false);
        }

        @Override
        public void onComplete() {
            stream.onComplete();
            end.complete(true);
        }
    }
}
