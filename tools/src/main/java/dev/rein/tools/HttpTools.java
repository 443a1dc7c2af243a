package dev.rein.tools;

import dev.rein.run.RunContext;
import dev.rein.tool.Param;
import dev.rein.tool.Tool;
import dev.rein.tool.ToolArgumentException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Tools that make HTTP requests. A stop closes the connection at once, whether the server has not answered yet or is in the
 * middle of its answer.
 *
 * <p>A model chooses the address, so the defaults keep it out of your network: only {@code http} and {@code https}, and no
 * address that is loopback, private, link-local or otherwise not public, also after a redirect. {@link
 * Builder#allowedHosts} narrows it down further. Through an HTTP proxy the proxy looks addresses up, and has to refuse.
 * Thread-safe.
 */
public final class HttpTools {
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

    private final HttpFetch fetch;
    private final Map<String, String> headers;

    private HttpTools(Builder builder) {
        fetch = builder.http.fetch(new HttpTargets(builder.allowPrivateAddresses, List.copyOf(builder.allowedHosts)));
        headers = builder.headers;
    }

    /** The tools with their defaults: any public host, 30 s, 1 MiB. */
    public HttpTools() {
        this(new Builder());
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Fetches a page; see the class. */
    @Tool(
            name = "http_get",
            value =
                    "Fetches a URL by HTTP GET, following redirects, and returns the status, the content type and the body.")
    public String get(@Param("An http or https URL") String url, RunContext context) throws IOException {
        return fetch(request(url, "GET", Optional.empty(), Optional.empty()), context);
    }

    /** Makes any request; see the class. */
    @Tool(
            name = "http_request",
            value = "Makes an HTTP request and returns the status, the content type and the body."
                    + " Redirects are followed for GET and HEAD only.")
    public String request(
            @Param("GET, HEAD, POST, PUT, PATCH, DELETE or OPTIONS") String method,
            @Param("An http or https URL") String url,
            @Param("Request headers, such as Content-Type") Optional<Map<String, String>> headers,
            @Param("The request's body") Optional<String> body,
            RunContext context)
            throws IOException {
        return fetch(request(url, method, headers, body), context);
    }

    private String fetch(HttpRequest request, RunContext context) throws IOException {
        return HttpText.describe(fetch.follow(request, context.cancellation()), request.uri());
    }

    private HttpRequest request(
            String url, String givenMethod, Optional<Map<String, String>> more, Optional<String> body) {
        var method = givenMethod.toUpperCase(Locale.ROOT);
        if (!METHODS.contains(method)) {
            throw new ToolArgumentException("\"method\" is " + givenMethod + ": give one of " + METHODS);
        }
        try {
            var request = HttpRequest.newBuilder(URI.create(url.strip()))
                    .timeout(fetch.timeout())
                    .method(method, body.map(BodyPublishers::ofString).orElse(BodyPublishers.noBody()));
            headers.forEach(request::setHeader);
            more.ifPresent(given -> given.forEach(request::setHeader));
            return request.build();
        } catch (IllegalArgumentException refused) {
            throw new ToolArgumentException("this is no request that can be made: " + refused.getMessage());
        }
    }

    /** Builds {@link HttpTools}. Not thread-safe. */
    public static final class Builder {
        private Set<String> allowedHosts = Set.of();
        private Map<String, String> headers = Map.of("User-Agent", "rein");
        private final HttpSettings http = new HttpSettings(Duration.ofSeconds(30), 1 << 20);
        private boolean allowPrivateAddresses;

        private Builder() {}

        /** The only hosts that are asked: names, or {@code *.example.org} for all below one. Any unless given. */
        public Builder allowedHosts(String... hosts) {
            allowedHosts = Set.of(hosts);
            return this;
        }

        /** Headers that every request has unless the model gives them; {@code User-Agent: rein} unless given. */
        public Builder headers(Map<String, String> values) {
            headers = Map.copyOf(values);
            return this;
        }

        /** How long one request may take, with its redirects and its body; 30 s unless given. */
        public Builder timeout(Duration value) {
            http.timeout(value);
            return this;
        }

        /** How many bytes of a body are read; the rest is left out and the model told. 1,048,576 unless given. */
        public Builder bodyLimit(int bytes) {
            http.bodyLimit(bytes);
            return this;
        }

        /** Whether addresses of this machine and of private networks may be asked; false unless given. */
        public Builder allowPrivateAddresses(boolean value) {
            allowPrivateAddresses = value;
            return this;
        }

        /**
         * The client that makes the requests, for one with a proxy or certificates of its own. It must not follow redirects
         * by itself.
         */
        public Builder client(HttpClient value) {
            http.client(value);
            return this;
        }

        public HttpTools build() {
            return new HttpTools(this);
        }
    }
}
