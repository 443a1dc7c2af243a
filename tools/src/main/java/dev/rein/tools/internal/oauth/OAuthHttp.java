package dev.rein.tools.internal.oauth;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.rein.text.PlainText;
import dev.rein.tools.mcp.oauth.OAuthException;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Requests to authorization servers, with small JSON responses. No redirect is followed: it could lead a secret to another host. */
final class OAuthHttp {
    static final JsonMapper JSON = JsonMapper.builder().build();

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final int MAX_BODY = 1 << 20;
    private static final int MAX_EXCERPT = 300;
    private static final Pattern LOOPBACK = Pattern.compile("127(\\.\\d{1,3}){3}");
    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(Duration.ofSeconds(10))
            .build();

    private OAuthHttp() {}

    /**
     * A response.
     *
     * @param body null if it is no JSON object
     */
    record Answer(int status, @Nullable JsonNode body) {
        boolean isSuccess() {
            return status >= 200 && status < 300 && body != null;
        }

        /** What the server says about an error, without what it was sent. */
        String error() {
            var text = body == null
                    ? ""
                    : body.path("error").asText("") + " "
                            + body.path("error_description").asText("");
            var plain = text.strip();
            return "status " + status
                    + (plain.isEmpty()
                            ? ""
                            : ": " + (plain.length() > MAX_EXCERPT ? plain.substring(0, MAX_EXCERPT) + "..." : plain));
        }
    }

    static Answer get(URI uri) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(uri)
                .header("Accept", "application/json")
                .GET()
                .build());
    }

    static Answer postJson(URI uri, JsonNode body) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(uri)
                .header("Accept", "application/json")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body.toString()))
                .build());
    }

    /** @param authorization the header of this name; null for none */
    static Answer postForm(URI uri, Map<String, String> form, @Nullable String authorization)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(uri)
                .header("Accept", "application/json")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(encode(form)));
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        return send(request.build());
    }

    private static Answer send(HttpRequest request) throws IOException, InterruptedException {
        var future = CLIENT.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_BODY));
        try {
            HttpResponse<byte[]> response = future.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            return new Answer(response.statusCode(), object(response.body()));
        } catch (ExecutionException e) {
            var cause = e.getCause() == null ? e : e.getCause();
            throw new OAuthException("cannot reach " + request.uri() + ": " + PlainText.message(cause), cause);
        } catch (TimeoutException e) {
            throw new OAuthException(request.uri() + " did not respond within " + TIMEOUT.toSeconds() + " s", e);
        } finally {
            future.cancel(true);
        }
    }

    private static @Nullable JsonNode object(byte[] body) throws IOException {
        try {
            var node = JSON.readTree(body);
            return node != null && node.isObject() ? node : null;
        } catch (JsonProcessingException e) {
            return null;
        }
    }

    static String encode(Map<String, String> form) {
        return form.entrySet().stream()
                .map(each -> encode(each.getKey()) + "=" + encode(each.getValue()))
                .collect(Collectors.joining("&"));
    }

    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /**
     * Checks an address that a server has sent: HTTPS, or HTTP to this machine.
     *
     * @param what it is, for messages
     */
    static URI endpoint(String what, String address) throws OAuthException {
        URI uri;
        try {
            uri = new URI(address);
        } catch (URISyntaxException e) {
            throw new OAuthException(what + " is " + address + ", which is no URL", e);
        }
        if (uri.getHost() == null || !isSecure(uri) || uri.getFragment() != null || uri.getUserInfo() != null) {
            throw new OAuthException(what + " is " + address + ": it must be an https URL");
        }
        return uri;
    }

    /**
     * Refuses an address of this machine that a server elsewhere names: a request to it could reach programs that only this machine may.
     *
     * @param what it is, for messages
     * @param server that names the address
     */
    static void requireNotLocal(String what, URI server, URI address) throws OAuthException {
        if (isThisMachine(address.getHost()) && !isThisMachine(server.getHost())) {
            throw new OAuthException(what + " is " + address + ", which is this machine: " + server
                    + " is another one and must not name it");
        }
    }

    static boolean isSecure(URI uri) {
        return "https".equalsIgnoreCase(uri.getScheme())
                || ("http".equalsIgnoreCase(uri.getScheme()) && isThisMachine(uri.getHost()));
    }

    private static boolean isThisMachine(@Nullable String host) {
        return host != null
                && (host.equalsIgnoreCase("localhost") || LOOPBACK.matcher(host).matches() || host.equals("[::1]"));
    }
}
