package dev.rein.openai.internal;

import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The server that requests are sent to, and the credentials. The string representation contains no secrets.
 *
 * @param baseUrl such as {@code https://api.openai.com/v1}
 * @param apiKey null if none is set: then no request is sent
 * @param headers sent with every request
 * @param customHttpClient the HTTP client given by the user; null for the shared one
 * @param connectTimeout of the shared client; null for its default
 */
public record Endpoint(
        URI baseUrl,
        @Nullable String apiKey,
        @Nullable String organization,
        @Nullable String project,
        Map<String, String> headers,
        @Nullable HttpClient customHttpClient,
        @Nullable Duration connectTimeout) {

    /** Shorter values are not replaced in messages: they may be ordinary words, and are not secrets. */
    private static final int SHORTEST_SECRET = 8;

    public Endpoint {
        headers = Map.copyOf(headers);
    }

    HttpClient httpClient() {
        return customHttpClient != null
                ? customHttpClient
                : SharedHttpClients.withConnectTimeout(
                        connectTimeout != null ? connectTimeout : SharedHttpClients.DEFAULT_CONNECT_TIMEOUT);
    }

    /** Whether this is OpenAI itself, which is stricter than compatible servers. */
    boolean isOpenAI() {
        var host = baseUrl.getHost();
        return host.equals("api.openai.com") || host.endsWith(".openai.com") || host.endsWith(".openai.azure.com");
    }

    /** Whether connections are encrypted. */
    boolean isSecure() {
        return baseUrl.getScheme().equals("https");
    }

    /** Host and port, for error messages. */
    String address() {
        var port = baseUrl.getPort() >= 0 ? baseUrl.getPort() : isSecure() ? 443 : 80;
        return baseUrl.getHost() + ":" + port;
    }

    /** The text with the key and the values of the additional headers, which a server may echo, replaced. */
    String withoutSecrets(String text) {
        var redacted = apiKey == null ? text : redact(text, apiKey);
        for (var value : headers.values()) {
            redacted = redact(redacted, value);
        }
        return redacted;
    }

    private static String redact(String text, String secret) {
        return secret.length() < SHORTEST_SECRET ? text : text.replace(secret, "[hidden]");
    }

    @Override
    public String toString() {
        return baseUrl.toString();
    }
}
