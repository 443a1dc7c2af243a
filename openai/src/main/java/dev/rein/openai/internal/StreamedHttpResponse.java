package dev.rein.openai.internal;

import com.openai.core.http.Headers;
import com.openai.core.http.HttpResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A response whose status and headers have been received, and whose body is read while it arrives. */
final class StreamedHttpResponse implements HttpResponse {

    /** How long to wait for the end of the body after its last event, before the connection is closed. */
    private static final long LINGER_MILLIS = 1_000;

    private final java.net.http.HttpResponse<Receiver.Opened> response;

    StreamedHttpResponse(java.net.http.HttpResponse<Receiver.Opened> response) {
        this.response = response;
    }

    @Override
    public int statusCode() {
        return response.statusCode();
    }

    @Override
    public Headers headers() {
        return Headers.builder().putAll(response.headers().map()).build();
    }

    /** The first value of a header; null if there is none. */
    @Nullable
    String header(String name) {
        return response.headers().firstValue(name).orElse(null);
    }

    @Override
    public InputStream body() {
        return response.body().stream();
    }

    /** Does nothing: {@link StoppableExchange} decides when the connection is closed. */
    @Override
    public void close() {}

    /** Closes the connection. May be called from any thread; a waiting read ends with an {@link IOException}. */
    void abort() {
        try {
            body().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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

        record Opened(InputStream stream, CompletableFuture<@Nullable Void> end) {}

        private final BodySubscriber<InputStream> stream = BodySubscribers.ofInputStream();
        private final CompletableFuture<@Nullable Void> end = new CompletableFuture<>();

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
            end.complete(null);
        }

        @Override
        public void onComplete() {
            stream.onComplete();
            end.complete(null);
        }
    }
}
