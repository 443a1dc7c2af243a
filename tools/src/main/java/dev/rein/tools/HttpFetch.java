package dev.rein.tools;

import dev.rein.cancel.Cancellation;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/**
 * Makes requests, each of which a stop ends at once by closing its connection.
 *
 * @param timeout for one request, with its redirects and its body
 * @param bodyLimit in bytes
 */
record HttpFetch(HttpClient client, HttpTargets targets, Duration timeout, int bodyLimit) {
    private static final int MOST_REDIRECTS = 5;
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    private static final Set<String> SENSITIVE = Set.of("authorization", "cookie", "proxy-authorization");

    /** Makes one request and the ones it is redirected to. */
    HttpResponse<LimitedBody> follow(HttpRequest first, Cancellation cancellation) throws IOException {
        var deadline = System.nanoTime() + timeout.toNanos();
        var request = first;
        for (int redirects = 0; ; redirects++) {
            targets.require(request.uri(), cancellation, left(deadline));
            var response = send(request, deadline, cancellation);
            var next = response.headers().firstValue("Location");
            if (!REDIRECTS.contains(response.statusCode())
                    || next.isEmpty()
                    || !Set.of("GET", "HEAD").contains(request.method())) {
                return response;
            }
            if (redirects == MOST_REDIRECTS) {
                throw new IOException("more than " + MOST_REDIRECTS + " redirects, the last one to " + next.get());
            }
            request = redirected(request, next.get());
        }
    }

    /**
     * Makes requests to addresses that the model has not chosen, without following redirects.
     *
     * @param bypassQueue how many are under way at most
     * @return the answers in the order of the requests
     * @throws IOException of the first one that failed; the others are ended then
     */
    List<HttpResponse<LimitedBody>> sendAll(List<HttpRequest> requests, int bypassQueue, Cancellation cancellation)
            throws IOException {
        var underWay = new ConcurrentLinkedQueue<Exchange>();
        var answers = new ArrayList<HttpResponse<LimitedBody>>();
        var next = requests.iterator();
        try (var abort = cancellation.onCancel(() -> underWay.forEach(Exchange::close))) {
            while (answers.size() < requests.size()) {
                while (underWay.size() < bypassQueue && next.hasNext()) {
                    cancellation.throwIfCancelled();
                    underWay.add(begin(next.next(), System.nanoTime() + timeout.toNanos()));
                }
                answers.add(end(underWay.element(), cancellation));
                underWay.remove();
            }
            return answers;
        } finally {
            underWay.forEach(Exchange::close);
        }
    }

    private HttpResponse<LimitedBody> send(HttpRequest request, long deadline, Cancellation cancellation)
            throws IOException {
        try (var exchange = begin(request, deadline)) {
            return end(exchange, cancellation);
        }
    }

    private Exchange begin(HttpRequest request, long deadline) {
        return new Exchange(request.uri(), client.sendAsync(request, response -> new LimitedBody(bodyLimit)), deadline);
    }

    private HttpResponse<LimitedBody> end(Exchange exchange, Cancellation cancellation) throws IOException {
        try {
            return cancellation.await(exchange.answer, left(exchange.deadline));
        } catch (TimeoutException e) {
            throw new HttpTimeoutException(tooLong(exchange.uri));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof HttpTimeoutException) {
                throw new HttpTimeoutException(tooLong(exchange.uri));
            }
            throw new IOException(exchange.uri + " could not be asked: " + e.getCause(), e);
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

    private static Duration left(long deadline) {
        var left = deadline - System.nanoTime();
        return Duration.ofNanos(Math.max(1, left));
    }

    /**
     * A request under way.
     *
     * @param answer one future for the head and the body: cancelling it closes the connection in either state
     * @param deadline by {@link System#nanoTime}
     */
    private record Exchange(URI uri, CompletableFuture<HttpResponse<LimitedBody>> answer, long deadline)
            implements AutoCloseable {
        @Override
        public void close() {
            answer.cancel(true);
        }
    }
}
