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

/** A received answer: status, headers, and the body as it comes in. */
final class Body implements HttpResponse {

    /** How long the end of an answer may follow its last event before its connection is given up. */
    private static final long LINGER_MILLIS = 1_000;

    private final java.net.http.HttpResponse<Receiver.Opened> response;

    Body(java.net.http.HttpResponse<Receiver.Opened> response) {
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

    /** The first value of a header; null when there is none. */
    @Nullable
    String header(String name) {
        return response.headers().firstValue(name).orElse(null);
    }

    @Override
    public InputStream body() {
        return response.body().stream();
    }

    /** Nothing: {@link Exchange} decides when the connection is closed. */
    @Override
    public void close() {}

    /** Closes the connection, from any thread. A read that waits ends with an {@link IOException}. */
    void abort() {
        try {
            body().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Lets the connection go back to the pool. Closing right after the last event would break it, because the few bytes that
     * end the body are mostly still on their way, and the next request would pay for a new connection.
     */
    void finish() {
        if (!response.body().end().isDone()) {
            CompletableFuture.delayedExecutor(LINGER_MILLIS, TimeUnit.MILLISECONDS)
                    .execute(this::abort);
        }
    }

    /** Receives a body as a stream, and knows when its end has come in, read or not. */
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
