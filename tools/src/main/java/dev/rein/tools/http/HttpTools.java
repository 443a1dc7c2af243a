package dev.rein.tools.http;

import dev.rein.run.RunContext;
import dev.rein.tool.Param;
import dev.rein.tool.Tool;
import dev.rein.tool.ToolArgumentException;
import dev.rein.tools.internal.http.HeaderRules;
import dev.rein.tools.internal.http.HttpFetch;
import dev.rein.tools.internal.http.HttpOrigin;
import dev.rein.tools.internal.http.HttpSettings;
import dev.rein.tools.internal.http.HttpTargets;
import dev.rein.tools.internal.http.HttpText;
import dev.rein.trace.TraceHeaders;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Tools that make HTTP requests. A stop closes the connection at once, before as well as during the response.
 *
 * <p>Because a model chooses the URL, the defaults protect your network: only {@code http} and {@code https} are allowed, and no loopback,
 * private, link-local or other non-public addresses, also after a redirect. A connection is made to an address that has been checked: the
 * host is not looked up again. {@link Builder#allowedHosts} restricts the hosts further. If an HTTP proxy is used, which is by default that
 * of the JVM, the proxy looks up the host, and has to reject addresses that are not allowed.
 *
 * <p>Keys are given with {@link Builder#headers(String, Map)} for one origin, and are sent to no other. The model may set request headers,
 * but neither those of an origin nor those that belong to the connection, such as {@code Host}. After a redirect to another origin only
 * {@code User-Agent}, {@code Accept}, {@code Accept-Language} and {@code Cache-Control} are sent. Thread-safe.
 */
public final class HttpTools {
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

    private final HttpFetch fetch;
    private final Map<String, String> headers;
    private final Map<HttpOrigin, Map<String, String>> originHeaders;

    private HttpTools(Builder builder) {
        fetch = builder.http.fetch(new HttpTargets(builder.allowPrivateAddresses, List.copyOf(builder.allowedHosts)));
        headers = builder.headers;
        originHeaders = Map.copyOf(builder.originHeaders);
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
            var uri = URI.create(url.strip());
            additionalHeaders.ifPresent(values -> values.keySet().forEach(HeaderRules::requireSettable));
            var request = HttpRequest.newBuilder(uri)
                    .timeout(fetch.timeout())
                    .method(method, body.map(BodyPublishers::ofString).orElse(BodyPublishers.noBody()));
            TraceHeaders.outgoing().forEach(request::setHeader);
            headers.forEach(request::setHeader);
            additionalHeaders.ifPresent(values -> values.forEach(request::setHeader));
            originHeaders.getOrDefault(HttpOrigin.of(uri), Map.of()).forEach(request::setHeader);
            return request.build();
        } catch (IllegalArgumentException invalid) {
            throw new ToolArgumentException("the request is invalid: " + invalid.getMessage());
        }
    }

    /** Builds {@link HttpTools}. Not thread-safe. */
    public static final class Builder {
        private Set<String> allowedHosts = Set.of();
        private Map<String, String> headers = Map.of("User-Agent", "rein");
        private final Map<HttpOrigin, Map<String, String>> originHeaders = new HashMap<>();
        private final HttpSettings http = new HttpSettings(Duration.ofSeconds(30), 1 << 20);
        private boolean allowPrivateAddresses;

        private Builder() {}

        /** The allowed hosts: names, or {@code *.example.org} for all subdomains of a domain. Default: all. */
        public Builder allowedHosts(String... hosts) {
            allowedHosts = Set.of(hosts);
            return this;
        }

        /**
         * Headers of every request, whatever its host, which the model may override. Default: {@code User-Agent: rein}.
         *
         * @throws IllegalArgumentException for headers other than {@code User-Agent}, {@code Accept}, {@code Accept-Language} and {@code
         *     Cache-Control}, which may contain keys: use {@link #headers(String, Map)}
         */
        public Builder headers(Map<String, String> values) {
            for (var name : values.keySet()) {
                if (!HeaderRules.isForEverybody(name)) {
                    throw new IllegalArgumentException(
                            "header \"" + name + "\" would be sent to every host that the model"
                                    + " chooses: use headers(\"https://api.example.org\", ..) with the origin that it is for");
                }
            }
            headers = Map.copyOf(values);
            return this;
        }

        /**
         * Headers of the requests to one origin, such as {@code Authorization}. They are not sent to any other origin, not even after a
         * redirect, and the model cannot override them.
         *
         * @param origin scheme, host, and port if it is not the default, such as {@code https://api.example.org}
         * @throws IllegalArgumentException if the origin is not one, or a header belongs to the connection
         */
        public Builder headers(String origin, Map<String, String> values) {
            var uri = URI.create(origin);
            if (!(uri.getRawPath().isEmpty() || uri.getRawPath().equals("/"))
                    || uri.getRawQuery() != null
                    || uri.getRawFragment() != null
                    || uri.getRawUserInfo() != null) {
                throw new IllegalArgumentException(
                        "origin is " + origin + ": use only scheme, host and port, such as https://api.example.org");
            }
            values.keySet().forEach(HeaderRules::requireSettable);
            originHeaders.put(HttpOrigin.of(uri), Map.copyOf(values));
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
         * A custom HTTP client, for example with a proxy or certificates. It must not follow redirects itself, and have neither a cookie
         * handler nor an authenticator. Requests without a proxy use its TLS settings and its connect timeout, but not its connections.
         */
        public Builder client(HttpClient value) {
            http.client(value);
            return this;
        }

        /** @throws IllegalStateException if the custom client has a cookie handler or an authenticator */
        public HttpTools build() {
            http.requireUsableForChecks();
            return new HttpTools(this);
        }
    }
}
