package dev.rein.openai.internal;

import com.openai.client.OpenAIClient;
import com.openai.core.RequestOptions;
import com.openai.core.http.Headers;
import com.openai.core.http.HttpClient;
import com.openai.core.http.HttpRequest;
import com.openai.core.http.HttpResponse;
import dev.rein.cancel.Cancellation;
import java.io.InputStream;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Loads the SDK's classes on a thread of its own, by making one request that goes nowhere. The first request of a JVM costs
 * about a second of class loading and Kotlin reflection, and a thread in it can't be stopped; a run that waits for it can.
 */
final class WarmUp {

    private final Consumer<OpenAIClient> request;
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private boolean started;

    WarmUp(Consumer<OpenAIClient> request) {
        this.request = request;
    }

    /** Waits until the SDK is loaded, which the first caller sets off. Costs nothing from then on. */
    void await(Cancellation cancellation) {
        if (done.isDone()) {
            return;
        }
        start();
        try {
            // A copy, because a stop cancels what it waits for, and others wait for this too.
            cancellation.await(done.copy(), null);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("never completed with an error and has no time-out", e);
        }
    }

    private synchronized void start() {
        if (!started) {
            started = true;
            Thread.ofPlatform().daemon().name("rein-openai-warm-up").start(this::load);
        }
    }

    private void load() {
        try {
            var nowhere = new Endpoint(URI.create("http://localhost"), "none", null, null, Map.of(), null, null);
            nowhere.http();
            request.accept(Sdk.client(nowhere, "none", new Nowhere()));
        } finally {
            // Whatever went wrong here goes wrong again in the real request, where somebody is told.
            done.complete(null);
        }
    }

    /** Writes the request and answers with nothing. */
    private static final class Nowhere implements HttpClient {

        @Override
        public HttpResponse execute(HttpRequest request, RequestOptions options) {
            if (request.body() != null) {
                request.body().contentLength();
            }
            return new HttpResponse() {
                @Override
                public int statusCode() {
                    return 200;
                }

                @Override
                public Headers headers() {
                    return Headers.builder().build();
                }

                @Override
                public InputStream body() {
                    return InputStream.nullInputStream();
                }

                @Override
                public void close() {}
            };
        }

        @Override
        public CompletableFuture<HttpResponse> executeAsync(HttpRequest request, RequestOptions options) {
            throw new UnsupportedOperationException("only the SDK's synchronous calls are used");
        }

        @Override
        public void close() {}
    }
}
