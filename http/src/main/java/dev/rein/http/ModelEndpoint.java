package dev.rein.http;

import dev.rein.trace.TraceHeaders;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A server that requests are sent to: its base URL, the headers of every request and the HTTP client. Header values, and query values
 * whose name says so, are secrets: neither {@link #toString()} nor an exception shows them. Immutable and thread-safe.
 */
public final class ModelEndpoint {

    /** Shorter values are not replaced in messages: they may be ordinary words, and are not secrets. */
    private static final int SHORTEST_SECRET = 8;

    /** Operating systems give up much earlier, and much longer timeouts overflow in the HTTP client. */
    private static final Duration MAX_CONNECT_TIMEOUT = Duration.ofHours(1);

    private final URI baseUrl;
    private final String query;
    private final Map<String, String> headers;
    private final List<String> secrets;
    private final @Nullable HttpClient customHttpClient;
    private final @Nullable Duration connectTimeout;
    private final @Nullable InetSocketAddress proxy;
    private final String keySetting;
    private final String urlSetting;

    private ModelEndpoint(Builder builder, URI url) {
        baseUrl = BaseUrl.withoutQuery(url);
        query = String.join("&", builder.query);
        headers = copy(builder.headers);
        secrets = List.copyOf(builder.secrets);
        customHttpClient = builder.httpClient;
        connectTimeout = builder.connectTimeout;
        proxy = builder.proxy;
        keySetting = builder.keySetting;
        urlSetting = builder.urlSetting;
    }

    /** A copy whose names are found in any case. */
    private static Map<String, String> copy(Map<String, String> headers) {
        var copy = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        copy.putAll(headers);
        return copy;
    }

    /** A builder without a base URL yet. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder for the server at {@link Builder#baseUrl}. */
    public static Builder builder(String baseUrl) {
        return builder().baseUrl(baseUrl);
    }

    /** The base URL without its query. */
    public URI baseUrl() {
        return baseUrl;
    }

    /**
     * The URL of a request.
     *
     * @param path appended to the base URL, such as {@code chat/completions}; may have a query, to which that of the endpoint is added
     */
    public URI url(String path) {
        var relative = path.startsWith("/") ? path : "/" + path;
        var url = path.isEmpty() ? baseUrl.toString() : baseUrl + relative;
        return URI.create(query.isEmpty() ? url : url + (url.indexOf('?') >= 0 ? "&" : "?") + query);
    }

    /** A request to {@link #url} with the headers of this endpoint. It is sent by a {@link StoppableExchange}. */
    public HttpRequest.Builder request(String path) {
        // The version is set here because a custom client may prefer HTTP/2.
        var request = HttpRequest.newBuilder(url(path)).version(HttpClient.Version.HTTP_1_1);
        TraceHeaders.outgoing().forEach(request::setHeader);
        headers.forEach(request::setHeader);
        return request;
    }

    /** The client that sends the requests: that of the builder, or one that all endpoints in the process share. */
    public HttpClient httpClient() {
        return customHttpClient != null
                ? customHttpClient
                : SharedHttpClients.get(
                        connectTimeout != null ? connectTimeout : SharedHttpClients.DEFAULT_CONNECT_TIMEOUT, proxy);
    }

    /** Whether a header of this name, in any case, is sent with every request. */
    public boolean hasHeader(String name) {
        return headers.containsKey(name);
    }

    /** Whether connections are encrypted. */
    boolean isSecure() {
        return baseUrl.getScheme().equalsIgnoreCase("https");
    }

    /** Host and port, for error messages. */
    public String address() {
        var port = baseUrl.getPort() >= 0 ? baseUrl.getPort() : isSecure() ? 443 : 80;
        return baseUrl.getHost() + ":" + port;
    }

    /**
     * The base URL in a form that is the same however it is written: without the scheme, the query and the default port, the host in
     * lower case. It tells servers apart, see {@link dev.rein.model.Model#server()}.
     */
    public String server() {
        var isDefaultPort = baseUrl.getPort() < 0 || baseUrl.getPort() == (isSecure() ? 443 : 80);
        return baseUrl.getHost().toLowerCase(Locale.ROOT)
                + (isDefaultPort ? "" : ":" + baseUrl.getPort())
                + baseUrl.getRawPath();
    }

    /** How users set the API key, for error messages. */
    String keySetting() {
        return keySetting;
    }

    /** How users set the base URL, for error messages. */
    String urlSetting() {
        return urlSetting;
    }

    /** The text with all secrets, which a server may echo, replaced. */
    public String withoutSecrets(String text) {
        var redacted = text;
        for (var secret : secrets) {
            redacted = redacted.replace(secret, "[hidden]");
        }
        return redacted;
    }

    /** The base URL without its query. */
    @Override
    public String toString() {
        return baseUrl.toString();
    }

    /** Builds a {@link ModelEndpoint}. Not thread-safe. */
    public static final class Builder {

        private String baseUrl = "";
        private String urlExample = "https://api.example.com/v1";
        private final List<String> query = new ArrayList<>();
        private final Map<String, String> defaultQuery = new LinkedHashMap<>();
        private final Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        private final Set<String> secrets = new LinkedHashSet<>();
        private @Nullable HttpClient httpClient;
        private @Nullable Duration connectTimeout;
        private @Nullable InetSocketAddress proxy;
        private String keySetting = "apiKey(..)";
        private String urlSetting = "baseUrl(..)";

        private Builder() {
            headers.put("User-Agent", "rein");
        }

        /** A copy of this builder. */
        public Builder copy() {
            var copy = new Builder();
            copy.baseUrl = baseUrl;
            copy.urlExample = urlExample;
            copy.query.addAll(query);
            copy.defaultQuery.putAll(defaultQuery);
            copy.headers.putAll(headers);
            copy.secrets.addAll(secrets);
            copy.httpClient = httpClient;
            copy.connectTimeout = connectTimeout;
            copy.proxy = proxy;
            copy.keySetting = keySetting;
            copy.urlSetting = urlSetting;
            return copy;
        }

        /**
         * The URL of the server's API, without the path of a particular request. A query is sent with every request. Checked by {@link
         * #build}.
         */
        public Builder baseUrl(String url) {
            baseUrl = url;
            return this;
        }

        /** One or more valid base URLs, which are shown when the one that is set is invalid. */
        public Builder urlExample(String urls) {
            urlExample = urls;
            return this;
        }

        /**
         * A header of every request; it replaces one of that name, in any case, also one that a {@link StreamedRequest} would send by
         * itself. Its value, and what follows a space in it as in {@code Bearer KEY}, is a secret.
         *
         * @throws IllegalArgumentException without the value, if the header cannot be sent
         */
        public Builder header(String name, String value) {
            try {
                HttpRequest.newBuilder().header(name, value);
            } catch (IllegalArgumentException e) {
                // Without the cause, because its message contains the value.
                throw new IllegalArgumentException("header \"" + name
                        + "\" cannot be sent: its name is reserved, or its name or value contains invalid characters");
            }
            headers.put(name, value);
            secret(value);
            secret(value.substring(value.indexOf(' ') + 1));
            return this;
        }

        /** As {@link #header}, unless there is a header of that name. */
        public Builder headerIfAbsent(String name, String value) {
            return headers.containsKey(name) ? this : header(name, value);
        }

        /** A parameter of the query of every request, such as {@code api-version}; encoded here. Several of one name are all sent. */
        public Builder query(String name, String value) {
            addQuery(UrlEncoding.encode(name) + "=" + UrlEncoding.encode(value));
            return this;
        }

        /** As {@link #query}, unless the base URL or this builder has a parameter of that name. */
        public Builder queryIfAbsent(String name, String value) {
            defaultQuery.put(UrlEncoding.encode(name), UrlEncoding.encode(value));
            return this;
        }

        /** A text that no message may show. Texts of fewer than eight characters are no secrets. */
        public Builder secret(String value) {
            if (value.length() >= SHORTEST_SECRET) {
                secrets.add(value);
            }
            return this;
        }

        /**
         * A custom HTTP client, for example with certificates. The caller remains responsible for closing it. Requests use HTTP/1.1
         * whatever version the client prefers, because a stop must close the connection.
         */
        public Builder httpClient(HttpClient newClient) {
            httpClient = Objects.requireNonNull(newClient, "newClient");
            return this;
        }

        /** Maximum time for connecting, at most one hour; 10 s by default. Not to be combined with {@link #httpClient}. */
        public Builder connectTimeout(Duration timeout) {
            if (timeout.isNegative() || timeout.isZero() || timeout.compareTo(MAX_CONNECT_TIMEOUT) > 0) {
                throw new IllegalArgumentException(
                        "connectTimeout is " + timeout + ": it must be longer than zero and at most one hour");
            }
            connectTimeout = timeout;
            return this;
        }

        /**
         * An HTTP proxy without credentials. By default that of the system properties {@code https.proxyHost} and so on. Not to be
         * combined with {@link #httpClient}.
         *
         * @param port 1 to 65,535
         */
        public Builder proxy(String host, int port) {
            if (host.isBlank() || port < 1 || port > 0xffff) {
                throw new IllegalArgumentException(
                        "proxy is \"" + host + ":" + port + "\": give a host and a port from 1 to 65535");
            }
            // Unresolved, because the client looks the name up when it connects.
            proxy = InetSocketAddress.createUnresolved(host.strip(), port);
            return this;
        }

        /** How users set the API key, such as {@code OPENAI_API_KEY or apiKey(..)}; shown when a server refuses it. */
        public Builder keySetting(String how) {
            keySetting = how;
            return this;
        }

        /** How users set the base URL, such as {@code OPENAI_BASE_URL or baseUrl(..)}; shown when there is no such server. */
        public Builder urlSetting(String how) {
            urlSetting = how;
            return this;
        }

        /**
         * Builds the endpoint.
         *
         * @throws IllegalArgumentException with the reason, if the base URL is not an http(s) URL
         * @throws IllegalStateException if a custom client is set together with what the custom client decides
         */
        public ModelEndpoint build() {
            if (httpClient != null && (connectTimeout != null || proxy != null)) {
                throw new IllegalStateException((connectTimeout != null ? "connectTimeout" : "proxy")
                        + " and httpClient are both set: set it on your HTTP client instead");
            }
            var url = BaseUrl.parse(baseUrl, urlExample);
            var builder = copy();
            builder.query.clear();
            if (url.getRawQuery() != null) {
                for (var parameter : url.getRawQuery().split("&")) {
                    builder.addQuery(parameter);
                }
            }
            builder.query.addAll(query);
            defaultQuery.forEach((name, value) -> {
                if (builder.query.stream().noneMatch(parameter -> parameter.startsWith(name + "="))) {
                    builder.addQuery(name + "=" + value);
                }
            });
            return new ModelEndpoint(builder, url);
        }

        private void addQuery(String parameter) {
            query.add(parameter);
            var equals = parameter.indexOf('=');
            if (equals > 0 && isSecret(parameter.substring(0, equals))) {
                var value = parameter.substring(equals + 1);
                secret(value);
                secret(UrlEncoding.decode(value));
            }
        }

        private static boolean isSecret(String name) {
            var lowerCase = name.toLowerCase(Locale.ROOT);
            return List.of("key", "token", "secret", "sig", "password", "auth", "code").stream()
                    .anyMatch(lowerCase::contains);
        }
    }
}
