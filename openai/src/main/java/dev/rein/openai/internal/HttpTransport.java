package dev.rein.openai.internal;

import com.openai.core.RequestOptions;
import com.openai.core.http.HttpClient;
import com.openai.core.http.HttpRequest;
import com.openai.core.http.HttpResponse;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.concurrent.CompletableFuture;

/**
 * The transport of OpenAI's SDK: translates its requests to {@code java.net.http} and sends them through the calling thread's {@link
 * StoppableExchange}. The SDK's own transport cannot be stopped: on a platform thread it ignores interrupts, and closing its stream from
 * another thread hangs.
 */
final class HttpTransport implements HttpClient {

    static final HttpTransport INSTANCE = new HttpTransport();

    private HttpTransport() {}

    @Override
    public HttpResponse execute(HttpRequest request, RequestOptions options) {
        return StoppableExchange.current().send(translate(request));
    }

    @Override
    public CompletableFuture<HttpResponse> executeAsync(HttpRequest request, RequestOptions options) {
        throw new UnsupportedOperationException("asynchronous calls are not supported");
    }

    /** Does nothing: the SDK closes the transport of a garbage-collected client, but all clients share this one. */
    @Override
    public void close() {}

    private static java.net.http.HttpRequest.Builder translate(HttpRequest request) {
        var builder = java.net.http.HttpRequest.newBuilder(URI.create(request.url()))
                // Set here because a custom client may prefer HTTP/2.
                .version(java.net.http.HttpClient.Version.HTTP_1_1)
                .method(request.method().name(), body(request));
        var content = request.body();
        if (content != null && content.contentType() != null) {
            builder.header("Content-Type", content.contentType());
        }
        for (var name : request.headers().names()) {
            for (var value : request.headers().values(name)) {
                builder.header(name, value);
            }
        }
        return builder;
    }

    private static BodyPublisher body(HttpRequest request) {
        var body = request.body();
        if (body == null || body.contentLength() == 0) {
            return BodyPublishers.noBody();
        }
        // Streamed from the SDK's own bytes, because a copy would be kept until the request ends.
        return BodyPublishers.fromPublisher(BodyPublishers.ofInputStream(body::content), body.contentLength());
    }
}
