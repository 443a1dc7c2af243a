package dev.rein.tools;

import dev.rein.cancel.Cancellation;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/**
 * Makes one request and the ones it is redirected to.
 *
 * @param timeout for all of it
 * @param bodyLimit in bytes
 */
record HttpFetch(HttpClient client, HttpTargets targets, Duration timeout, int bodyLimit) {
    private static final int MOST_REDIRECTS = 5;
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    private static final Set<String> SENSITIVE = Set.of("authorization", "cookie", "proxy-authorization");
    private static final Pattern TEXT = Pattern.compile(
            "text/.*|.*[/+](json|xml)|application/(javascript|x-www-form-urlencoded|yaml|x-ndjson|sql|graphql)");
    private static final Pattern CHARSET = Pattern.compile("charset=\"?([^\";,\\s]+)");

    String fetch(HttpRequest first, Cancellation cancellation) throws IOException {
        var deadline = System.nanoTime() + timeout.toNanos();
        var request = first;
        for (int redirects = 0; ; redirects++) {
            targets.require(request.uri(), cancellation, left(deadline));
            var response = send(request, cancellation, left(deadline));
            var next = response.headers().firstValue("Location");
            if (!REDIRECTS.contains(response.statusCode())
                    || next.isEmpty()
                    || !Set.of("GET", "HEAD").contains(request.method())) {
                return describe(response, first.uri());
            }
            if (redirects == MOST_REDIRECTS) {
                throw new IOException("more than " + MOST_REDIRECTS + " redirects, the last one to " + next.get());
            }
            request = redirected(request, next.get());
        }
    }

    private HttpResponse<LimitedBody> send(HttpRequest request, Cancellation cancellation, Duration left)
            throws IOException {
        // One future for the head and the body: cancelling it closes the connection in either state.
        var future = client.sendAsync(request, response -> new LimitedBody(bodyLimit));
        try {
            return cancellation.await(future, left);
        } catch (TimeoutException e) {
            throw new HttpTimeoutException(tooLong(request.uri()));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof HttpTimeoutException) {
                throw new HttpTimeoutException(tooLong(request.uri()));
            }
            throw new IOException(request.uri() + " could not be asked: " + e.getCause(), e);
        } finally {
            future.cancel(true);
        }
    }

    private String tooLong(URI uri) {
        return uri + " did not answer within " + timeout.toMillis() + " ms";
    }

    private static HttpRequest redirected(HttpRequest request, String location) throws IOException {
        try {
            var target = request.uri().resolve(location);
            var sameHost = request.uri().getHost().equalsIgnoreCase(target.getHost());
            return HttpRequest.newBuilder(
                            request, (name, value) -> sameHost || !SENSITIVE.contains(name.toLowerCase(Locale.ROOT)))
                    .uri(target)
                    .build();
        } catch (IllegalArgumentException e) {
            throw new IOException(request.uri() + " redirects to \"" + location + "\", which can't be asked", e);
        }
    }

    private String describe(HttpResponse<LimitedBody> response, URI asked) {
        var type = response.headers().firstValue("Content-Type").orElse("");
        var text = new StringBuilder("status ").append(response.statusCode());
        if (!type.isEmpty()) {
            text.append(", ").append(type);
        }
        if (!response.uri().equals(asked)) {
            text.append(", from ").append(response.uri());
        }
        response.headers()
                .firstValue("Location")
                .ifPresent(location -> text.append(", Location: ").append(location));
        text.append('\n');
        var body = response.body();
        var bytes = body.bytes();
        if (isText(type, bytes)) {
            text.append(new String(bytes, charset(type)));
            if (body.isCut()) {
                text.append("\n[the rest is left out: only the first ")
                        .append(bodyLimit)
                        .append(" bytes are read]");
            }
        } else {
            text.append("[a binary body of ")
                    .append(body.isCut() ? "more than " : "")
                    .append(bytes.length)
                    .append(" bytes, not shown]");
        }
        return text.toString();
    }

    private static boolean isText(String type, byte[] body) {
        var bare = type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        if (!bare.isEmpty()) {
            return TEXT.matcher(bare).matches() || body.length == 0;
        }
        for (var each : body) {
            if (each == 0) {
                return false;
            }
        }
        return true;
    }

    private static Charset charset(String type) {
        var named = CHARSET.matcher(type.toLowerCase(Locale.ROOT));
        try {
            return named.find() ? Charset.forName(named.group(1)) : StandardCharsets.UTF_8;
        } catch (IllegalArgumentException unknown) {
            return StandardCharsets.UTF_8;
        }
    }

    private static Duration left(long deadline) {
        var left = deadline - System.nanoTime();
        return Duration.ofNanos(Math.max(1, left));
    }
}
