package dev.rein.tools.internal.http;

import java.net.http.HttpClient;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The settings common to the builders of all tools that make HTTP requests. Not thread-safe. */
public final class HttpSettings {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

    private Duration timeout;
    private Duration connectTimeout = CONNECT_TIMEOUT;
    private int bodyLimit;
    private @Nullable HttpClient client;

    public HttpSettings(Duration timeout, int bodyLimit) {
        this.timeout = timeout;
        this.bodyLimit = bodyLimit;
    }

    public Duration timeout() {
        return timeout;
    }

    public void timeout(Duration value) {
        timeout = positive("timeout", value);
    }

    public void connectTimeout(Duration value) {
        connectTimeout = positive("connectTimeout", value);
    }

    public void bodyLimit(int bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("bodyLimit is " + bytes + ": it must be positive");
        }
        bodyLimit = bytes;
    }

    public void client(HttpClient value) {
        if (value.followRedirects() != HttpClient.Redirect.NEVER) {
            throw new IllegalArgumentException("the client follows redirects (" + value.followRedirects()
                    + ") without checking their addresses: build it with HttpClient.Redirect.NEVER");
        }
        client = value;
    }

    /** @throws IllegalStateException if the custom client has settings that {@link DirectExchange} does not use */
    public void requireUsableForChecks() {
        if (client != null
                && (client.cookieHandler().isPresent() || client.authenticator().isPresent())) {
            throw new IllegalStateException(
                    "the client has a cookie handler or an authenticator, which are not used for"
                            + " checked connections: use a client without them and set headers of an origin");
        }
    }

    public HttpFetch fetch(HttpTargets targets) {
        return new HttpFetch(chosenClient(), targets, timeout, bodyLimit);
    }

    private HttpClient chosenClient() {
        if (client != null) {
            return client;
        }
        return connectTimeout.equals(CONNECT_TIMEOUT) ? SharedClient.INSTANCE : newClient(connectTimeout);
    }

    private static Duration positive(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(name + " is " + value + ": it must be positive");
        }
        return value;
    }

    private static HttpClient newClient(Duration connectTimeout) {
        return HttpClient.newBuilder()
                // HTTP/2 requests are cancelled by a frame that a server may ignore; it cannot ignore a closed
                // connection.
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(connectTimeout)
                .build();
    }

    /** One client for all tools, because each client has its own threads; never closed. */
    private static final class SharedClient {
        static final HttpClient INSTANCE = newClient(CONNECT_TIMEOUT);
    }
}
