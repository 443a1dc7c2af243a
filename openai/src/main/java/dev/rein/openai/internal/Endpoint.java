package dev.rein.openai.internal;

import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where requests go and with what credentials. Its text form has no secrets.
 *
 * @param baseUrl such as {@code https://api.openai.com/v1}
 * @param apiKey null when none is set: then no request is sent
 * @param headers sent with every request
 * @param own the caller's HTTP client; null for the shared one
 * @param connectTimeout of the shared client; null for its default
 */
public record Endpoint(
        URI baseUrl,
        @Nullable String apiKey,
        @Nullable String organization,
        @Nullable String project,
        Map<String, String> headers,
        @Nullable HttpClient own,
        @Nullable Duration connectTimeout) {

    /** A key shorter than this may be an ordinary word, and is no secret either. */
    private static final int SHORTEST_SECRET = 8;

    public Endpoint {
        headers = Map.copyOf(headers);
    }

    HttpClient http() {
        return own != null
                ? own
                : SharedHttp.connectingWithin(
                        connectTimeout != null ? connectTimeout : SharedHttp.DEFAULT_CONNECT_TIMEOUT);
    }

    /** Whether this is OpenAI itself, which is stricter than the servers compatible with it. */
    boolean isOpenAI() {
        var host = baseUrl.getHost();
        return host.equals("api.openai.com") || host.endsWith(".openai.com") || host.endsWith(".openai.azure.com");
    }

    /** Whether connections to it are to be encrypted. */
    boolean isSecure() {
        return baseUrl.getScheme().equals("https");
    }

    /** Host and port, for messages. */
    String address() {
        var port = baseUrl.getPort() >= 0 ? baseUrl.getPort() : isSecure() ? 443 : 80;
        return baseUrl.getHost() + ":" + port;
    }

    /** The text without the key and the values of the extra headers, which a server may echo. */
    String withoutSecrets(String text) {
        var clean = apiKey == null ? text : hide(text, apiKey);
        for (var value : headers.values()) {
            clean = hide(clean, value);
        }
        return clean;
    }

    private static String hide(String text, String secret) {
        return secret.length() < SHORTEST_SECRET ? text : text.replace(secret, "[hidden]");
    }

    @Override
    public String toString() {
        return baseUrl.toString();
    }
}
