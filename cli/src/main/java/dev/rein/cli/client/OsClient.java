package dev.rein.cli.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A client of a running AgentOS. Its methods throw {@link ClientException} if the server does not answer or refuses.
 * Thread-safe.
 */
final class OsClient implements AutoCloseable {
    static final ObjectMapper JSON = new ObjectMapper();

    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final int FIRST_ERROR = 400;
    private static final int UNAUTHORIZED = 401;

    private final URI url;
    private final @Nullable String key;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .build();

    /** @param key the security key or token; null for none */
    OsClient(URI url, @Nullable String key) {
        this.url = url;
        this.key = key;
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    URI url() {
        return url;
    }

    JsonNode get(String path) throws InterruptedException {
        return json(send(request(path).GET().build(), BodyHandlers.ofString()), path);
    }

    JsonNode post(String path, FormBody form) throws InterruptedException {
        return json(send(post(form, path), BodyHandlers.ofString()), path);
    }

    /** Sends a request whose response is a stream of events. */
    EventReader stream(String path, FormBody form) throws InterruptedException {
        var response = send(post(form, path), BodyHandlers.ofInputStream());
        if (response.statusCode() >= FIRST_ERROR) {
            try (var body = response.body()) {
                throw refused(response.statusCode(), path, new String(body.readAllBytes(), StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw lost(e);
            }
        }
        return new EventReader(response.body(), this);
    }

    private HttpRequest post(FormBody form, String path) {
        return request(path)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form.encoded()))
                .build();
    }

    private HttpRequest.Builder request(String path) {
        var base = url.toString();
        var request = HttpRequest.newBuilder(
                URI.create((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + path));
        return key == null ? request : request.header("Authorization", "Bearer " + key);
    }

    private <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> handler) throws InterruptedException {
        try {
            return http.send(request, handler);
        } catch (IOException e) {
            throw new ClientException(
                    0,
                    "no AgentOS responds at " + url + " (" + reason(e)
                            + "): start one with ./rein serve, or set its address with --url or REIN_URL",
                    e);
        }
    }

    private JsonNode json(HttpResponse<String> response, String path) {
        if (response.statusCode() >= FIRST_ERROR) {
            throw refused(response.statusCode(), path, response.body());
        }
        return parse(response.body());
    }

    private JsonNode parse(String text) {
        try {
            return Objects.requireNonNull(JSON.readTree(text));
        } catch (JsonProcessingException e) {
            throw new ClientException(
                    0, url + " sent a response that is not from AgentOS: " + e.getOriginalMessage(), e);
        }
    }

    private ClientException refused(int status, String path, String body) {
        var detail = body;
        try {
            var said = JSON.readTree(body).path("detail");
            detail = said.isTextual() ? said.textValue() : said.isMissingNode() ? body : said.toString();
        } catch (JsonProcessingException e) {
            // Not the error format of AgentOS; perhaps a proxy answered. Show the body as it is.
        }
        var wayOut = status == UNAUTHORIZED ? ": set REIN_KEY or OS_SECURITY_KEY to the server's key" : "";
        return new ClientException(
                status, url + path.replaceAll("\\?.*", "") + " responded " + status + ", " + detail + wayOut, null);
    }

    /** Creates the exception for a connection lost within a response. */
    ClientException lost(IOException e) {
        return new ClientException(0, "the connection to " + url + " was lost: " + reason(e), e);
    }

    private static String reason(IOException e) {
        var message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : message;
    }

    @Override
    public void close() {
        http.shutdownNow();
    }

    /** Parses an event. */
    EventFrame frame(String event, String data) {
        return new EventFrame(event, data, parse(data));
    }

    /** Closes the stream of a response, ignoring errors. */
    static void closeQuietly(InputStream body) {
        try {
            body.close();
        } catch (IOException e) {
            // The stream is no longer read.
        }
    }
}
