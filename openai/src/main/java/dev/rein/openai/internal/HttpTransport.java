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
 * What OpenAI's SDK sends its requests through: it puts them into the words of {@code java.net.http} and hands them to the
 * {@link Exchange} of the calling thread, which knows how to end the wait. The SDK's own transport can't be stopped: it
 * ignores an interrupt on a platform thread, and closing its stream from another thread hangs.
 */
final class HttpTransport implements HttpClient {

    static final HttpTransport INSTANCE = new HttpTransport();

    private HttpTransport() {}

    @Override
    public HttpResponse execute(HttpRequest request, RequestOptions options) {
        return Exchange.current().send(translate(request));
    }

    @Override
    public CompletableFuture<HttpResponse> executeAsync(HttpRequest request, RequestOptions options) {
        throw new UnsupportedOperationException("only the SDK's synchronous calls are used");
    }

    /** Nothing: the SDK closes its transport when one of its clients is garbage-collected, and all of them share this one. */
    @Override
    public void close() {}

    private static java.net.http.HttpRequest.Builder translate(HttpRequest request) {
        var builder = java.net.http.HttpRequest.newBuilder(URI.create(request.url()))
                // On the request too: the caller's own client may prefer HTTP/2.
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
        // A stream over the SDK's own bytes: a second copy would live as long as the request waits.
        return BodyPublishers.fromPublisher(BodyPublishers.ofInputStream(body::content), body.contentLength());
    }
}
