package dev.rein.openai.internal;

import com.openai.client.OpenAIClient;
import com.openai.core.RequestOptions;
import com.openai.core.http.Headers;
import com.openai.core.http.HttpClient;
import com.openai.core.http.HttpRequest;
import com.openai.core.http.HttpResponse;
import dev.rein.cancel.Cancellation;
import dev.rein.model.Message;
import dev.rein.model.ModelRequest;
import java.io.InputStream;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/**
 * Loads the SDK's classes on a separate thread, by making one request that is not sent anywhere. The first request in a JVM takes
 * about a second of class loading and Kotlin reflection, which cannot be interrupted; a run that waits for this thread can be stopped.
 */
final class SdkWarmUp {

    private final Call call;
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private boolean started;

    SdkWarmUp(Call call) {
        this.call = call;
    }

    /** Makes one call with the given client. */
    interface Call {
        void make(OpenAIClient sdk, ModelSettings settings, ModelRequest request);
    }

    /** Waits until the SDK is loaded; the first caller starts loading it. Returns at once when it is loaded. */
    void await(Cancellation cancellation) {
        if (done.isDone()) {
            return;
        }
        start();
        try {
            // A copy, because a stop cancels the future that it waits for, and other runs wait for this one too.
            cancellation.await(done.copy(), null);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the warm-up neither fails nor has a timeout", e);
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
            var unused = new Endpoint(URI.create("http://localhost"), "none", null, null, Map.of(), null, null);
            unused.httpClient();
            call.make(
                    SdkClients.client(unused, "none", new NoOpTransport()),
                    new ModelSettings("none", null, null, null, null, false, null),
                    ModelRequest.of(Message.system("none"), Message.user("none")));
        } finally {
            // A failure here would also occur in the real request, which reports it.
            done.complete(null);
        }
    }

    /** Serializes the request without sending it, and returns an empty response. */
    private static final class NoOpTransport implements HttpClient {

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
            throw new UnsupportedOperationException("asynchronous calls are not supported");
        }

        @Override
        public void close() {}
    }
}
