package dev.rein.tools.internal.http;

import dev.rein.cancel.Cancellation;
import java.io.IOException;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/**
 * Sends requests. A stop ends them at once by closing their connections.
 *
 * @param timeout of a request, including its redirects and body
 * @param bodyLimit in bytes
 */
public record HttpFetch(HttpClient client, HttpTargets targets, Duration timeout, int bodyLimit) {
    private static final int MAX_REDIRECTS = 5;
    private static final Set<Integer> REDIRECT_STATUSES = Set.of(301, 302, 303, 307, 308);

    /** Sends a request and follows redirects. */
    public HttpResponse<LimitedBody> sendFollowingRedirects(HttpRequest first, Cancellation cancellation)
            throws IOException {
        var deadline = System.nanoTime() + timeout.toNanos();
        var request = first;
        for (int redirects = 0; ; redirects++) {
            var response = send(request, deadline, cancellation);
            var location = response.headers().firstValue("Location");
            if (!REDIRECT_STATUSES.contains(response.statusCode())
                    || location.isEmpty()
                    || !Set.of("GET", "HEAD").contains(request.method())) {
                return response;
            }
            if (redirects == MAX_REDIRECTS) {
                throw new IOException("more than " + MAX_REDIRECTS + " redirects, the last one to " + location.get());
            }
            request = redirected(request, location.get());
        }
    }

    /**
     * Sends requests to trusted addresses, that is, not chosen by a model, without following redirects.
     *
     * @param concurrency maximum number of concurrent requests
     * @return the responses in the order of the requests
     * @throws IOException if a request fails; the other requests are cancelled then
     */
    public List<HttpResponse<LimitedBody>> sendAll(
            List<HttpRequest> requests, int concurrency, Cancellation cancellation) throws IOException {
        var pending = new ConcurrentLinkedQueue<Exchange>();
        var responses = new ArrayList<HttpResponse<LimitedBody>>();
        var unsent = requests.iterator();
        try (var abort = cancellation.onCancel(() -> pending.forEach(Exchange::close))) {
            while (responses.size() < requests.size()) {
                while (pending.size() < concurrency && unsent.hasNext()) {
                    cancellation.throwIfCancelled();
                    pending.add(begin(unsent.next(), System.nanoTime() + timeout.toNanos()));
                }
                responses.add(await(pending.element(), cancellation));
                pending.remove();
            }
            return responses;
        } finally {
            pending.forEach(Exchange::close);
        }
    }

    private HttpResponse<LimitedBody> send(HttpRequest request, long deadline, Cancellation cancellation)
            throws IOException {
        targets.requireAllowed(request.uri());
        try (var exchange = isProxied(request.uri())
                ? throughProxy(request, deadline, cancellation)
                : DirectExchange.start(
                        client,
                        request,
                        targets.addresses(request.uri(), cancellation, remaining(deadline)),
                        new LimitedBody(bodyLimit),
                        deadline)) {
            return await(exchange, cancellation);
        }
    }

    /** The proxy looks up the host again; the check here protects what it can. */
    private Exchange throughProxy(HttpRequest request, long deadline, Cancellation cancellation) throws IOException {
        if (!targets.allowPrivate()) {
            var _ = targets.addresses(request.uri(), cancellation, remaining(deadline));
        }
        return begin(request, deadline);
    }

    private boolean isProxied(URI uri) {
        var selector = client.proxy().orElseGet(ProxySelector::getDefault);
        return selector != null
                && selector.select(uri).stream()
                                .findFirst()
                                .orElse(Proxy.NO_PROXY)
                                .type()
                        != Proxy.Type.DIRECT;
    }

    private Exchange begin(HttpRequest request, long deadline) {
        return new ClientExchange(
                request.uri(), client.sendAsync(request, response -> new LimitedBody(bodyLimit)), deadline);
    }

    private HttpResponse<LimitedBody> await(Exchange exchange, Cancellation cancellation) throws IOException {
        try {
            return cancellation.await(exchange.response(), remaining(exchange.deadline()));
        } catch (TimeoutException e) {
            throw timedOut(exchange.uri());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof HttpTimeoutException) {
                throw timedOut(exchange.uri());
            }
            throw new IOException("the request to " + exchange.uri() + " failed: " + e.getCause(), e);
        }
    }

    private HttpTimeoutException timedOut(URI uri) {
        return new HttpTimeoutException(uri + " did not respond within " + timeout.toMillis() + " ms");
    }

    /** The same request to another place; a place of another origin gets only headers that say nothing of this one. */
    private static HttpRequest redirected(HttpRequest request, String location) throws IOException {
        try {
            var target = request.uri().resolve(location);
            var sameOrigin = HttpOrigin.of(request.uri()).equals(HttpOrigin.of(target));
            return HttpRequest.newBuilder(request, (name, value) -> sameOrigin || HeaderRules.isForEverybody(name))
                    .uri(target)
                    .build();
        } catch (IllegalArgumentException e) {
            throw new IOException(request.uri() + " redirects to \"" + location + "\", which is not a valid URL", e);
        }
    }

    private static Duration remaining(long deadline) {
        return Duration.ofNanos(Math.max(1, deadline - System.nanoTime()));
    }

    /** A request that is being sent or has been sent. Closing it closes the connection, before and during the response. */
    interface Exchange extends AutoCloseable {
        URI uri();

        /** As a value of {@link System#nanoTime}. */
        long deadline();

        /** Completes when headers and body are received. */
        CompletableFuture<HttpResponse<LimitedBody>> response();

        @Override
        void close();
    }

    private record ClientExchange(URI uri, CompletableFuture<HttpResponse<LimitedBody>> response, long deadline)
            implements Exchange {
        @Override
        public void close() {
            response.cancel(true);
        }
    }
}
