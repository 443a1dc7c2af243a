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
 * Tools that make HTTP requests. A stop closes the connection at once, before as well as during the response.
 *
 * <p>Because a model chooses the URL, the defaults protect your network: only {@code http} and {@code https} are allowed, and no loopback,
 * private, link-local or other non-public addresses, also after a redirect. {@link Builder#allowedHosts} restricts the hosts further. If
 * an HTTP proxy is used, the proxy resolves the addresses, and has to reject those that are not allowed. Thread-safe.
 */
public final class HttpTools {
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

    private final HttpFetch fetch;
    private final Map<String, String> headers;

    private HttpTools(Builder builder) {
        fetch = builder.http.fetch(new HttpTargets(builder.allowPrivateAddresses, List.copyOf(builder.allowedHosts)));
        headers = builder.headers;
    }

    /** The tools with the default settings: any public host, a timeout of 30 s, bodies up to 1 MiB. */
    public HttpTools() {
        this(new Builder());
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Fetches a URL; see the description of this class. */
    @Tool(
            name = "http_get",
            value = "Fetches a URL by HTTP GET, following redirects, and returns the status, the content type and the"
                    + " body.")
    public String get(@Param("An http or https URL") String url, RunContext context) throws IOException {
        return fetch(request(url, "GET", Optional.empty(), Optional.empty()), context);
    }

    /** Makes a request with any method; see the description of this class. */
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
        return HttpText.describe(fetch.sendFollowingRedirects(request, context.cancellation()), request.uri());
    }

    private HttpRequest request(
            String url, String methodName, Optional<Map<String, String>> additionalHeaders, Optional<String> body) {
        var method = methodName.toUpperCase(Locale.ROOT);
        if (!METHODS.contains(method)) {
            throw new ToolArgumentException("\"method\" is " + methodName + ": use one of " + METHODS);
        }
        try {
            var request = HttpRequest.newBuilder(URI.create(url.strip()))
                    .timeout(fetch.timeout())
                    .method(method, body.map(BodyPublishers::ofString).orElse(BodyPublishers.noBody()));
            headers.forEach(request::setHeader);
            additionalHeaders.ifPresent(values -> values.forEach(request::setHeader));
            return request.build();
        } catch (IllegalArgumentException invalid) {
            throw new ToolArgumentException("the request is invalid: " + invalid.getMessage());
        }
    }

    /** Builds {@link HttpTools}. Not thread-safe. */
    public static final class Builder {
        private Set<String> allowedHosts = Set.of();
        private Map<String, String> headers = Map.of("User-Agent", "rein");
        private final HttpSettings http = new HttpSettings(Duration.ofSeconds(30), 1 << 20);
        private boolean allowPrivateAddresses;

        private Builder() {}

        /** The allowed hosts: names, or {@code *.example.org} for all subdomains of a domain. Default: all. */
        public Builder allowedHosts(String... hosts) {
            allowedHosts = Set.of(hosts);
            return this;
        }

        /** Headers of every request, which the model may override. Default: {@code User-Agent: rein}. */
        public Builder headers(Map<String, String> values) {
            headers = Map.copyOf(values);
            return this;
        }

        /** The timeout of a request, including its redirects and body. Default: 30 s. */
        public Builder timeout(Duration value) {
            http.timeout(value);
            return this;
        }

        /** Maximum number of bytes to read of a body; longer ones are truncated, with a note to the model. Default: 1,048,576. */
        public Builder bodyLimit(int bytes) {
            http.bodyLimit(bytes);
            return this;
        }

        /** Whether addresses of this machine and of private networks are allowed. Default: false. */
        public Builder allowPrivateAddresses(boolean value) {
            allowPrivateAddresses = value;
            return this;
        }

        /**
         * A custom HTTP client, for example with a proxy or certificates. It must not follow redirects itself.
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
