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
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * A client of a running AgentOS. Its methods throw {@link ClientException} if the server does not answer in time or refuses. Thread-safe.
 */
final class OsClient implements AutoCloseable {
    static final ObjectMapper JSON = new ObjectMapper();

    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final int FIRST_REDIRECT = 300;
    private static final int FIRST_ERROR = 400;
    private static final int UNAUTHORIZED = 401;
    private static final int NEEDS_PROXY_AUTHORIZATION = 407;
    private static final int MAX_BODY = 64 << 20;
    private static final int MAX_DETAIL = 64 << 10;

    static {
        // Otherwise the JDK sends no password to a proxy for https.
        if (System.getProperty("jdk.http.auth.tunneling.disabledSchemes") == null) {
            System.setProperty("jdk.http.auth.tunneling.disabledSchemes", "");
        }
    }

    private final URI url;
    private final @Nullable String key;
    private final @Nullable ProxySettings proxy;
    private final Duration timeout;
    private final HttpClient http;

    /**
     * @param key the security key or token; null for none
     * @param proxy null for none
     * @param certificates what to trust; null for what the JVM trusts
     * @param timeout how long to wait for a response
     */
    OsClient(
            URI url,
            @Nullable String key,
            @Nullable ProxySettings proxy,
            @Nullable SSLContext certificates,
            Duration timeout) {
        this.url = url;
        this.key = key;
        this.proxy = proxy;
        this.timeout = timeout;
        var client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(timeout.compareTo(CONNECT) < 0 ? timeout : CONNECT)
                .proxy(proxy == null ? ProxySettings.none() : proxy.selector());
        http = (certificates == null ? client : client.sslContext(certificates)).build();
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    URI url() {
        return url;
    }

    Duration timeout() {
        return timeout;
    }

    JsonNode get(String path) throws InterruptedException {
        return json(request(path).GET().build(), timeout, path);
    }

    JsonNode post(String path, FormBody form) throws InterruptedException {
        return post(path, form, Duration.ZERO);
    }

    /** @param wait how long the server waits before it responds */
    JsonNode post(String path, FormBody form, Duration wait) throws InterruptedException {
        return json(post(form, path), timeout.plus(wait), path);
    }

    /**
     * Sends a request whose response is a stream of events.
     *
     * @param notes receives what the user should know about the stream
     */
    EventReader stream(String path, FormBody form, Consumer<String> notes) throws InterruptedException {
        HttpResponse<InputStream> response;
        try {
            response = within(timeout, () -> http.send(post(form, path), BodyHandlers.ofInputStream()));
        } catch (ClientException e) {
            throw e.status() == NO_RESPONSE
                    ? new ClientException(
                            0,
                            e.getMessage() + "; if a proxy is in front of it, turn off its buffering of responses",
                            e)
                    : e;
        }
        if (response.statusCode() >= FIRST_REDIRECT || !isEventStream(response)) {
            var body = within(timeout, () -> text(response, MAX_DETAIL));
            throw response.statusCode() >= FIRST_REDIRECT
                    ? refused(response, path, body)
                    : notFromAgentOs("it is no stream of events");
        }
        return new EventReader(response.body(), this, notes);
    }

    /** The status of a {@link ClientException} of a server that accepted the connection but did not respond. */
    static final int NO_RESPONSE = -1;

    private static boolean isEventStream(HttpResponse<?> response) {
        return response.headers()
                .firstValue("Content-Type")
                .map(type -> type.toLowerCase(Locale.ROOT).startsWith("text/event-stream"))
                .orElse(false);
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
        if (proxy != null && proxy.authorization() != null) {
            request.header("Proxy-Authorization", proxy.authorization());
        }
        return key == null ? request : request.header("Authorization", "Bearer " + key);
    }

    private interface Exchange<T> {
        T get() throws IOException, InterruptedException;
    }

    /** Bounds the whole of an exchange; the client's own time-out ends with the head of a response. */
    private <T> T within(Duration limit, Exchange<T> exchange) throws InterruptedException {
        var task = new FutureTask<>(exchange::get);
        Thread.ofVirtual().name("rein-request").start(task);
        try {
            return task.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new ClientException(NO_RESPONSE, problem(limit).noResponse(), e);
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException failure ->
                    throw new ClientException(0, problem(limit).of(failure), failure);
                case RuntimeException failure -> throw failure;
                case Error failure -> throw failure;
                case null, default -> throw new IllegalStateException(e);
            }
        } finally {
            task.cancel(true);
        }
    }

    private ConnectionProblem problem(Duration limit) {
        return new ConnectionProblem(url, proxy, limit);
    }

    private JsonNode json(HttpRequest request, Duration limit, String path) throws InterruptedException {
        return within(limit, () -> {
            var response = http.send(request, BodyHandlers.ofInputStream());
            if (response.statusCode() >= FIRST_REDIRECT) {
                throw refused(response, path, text(response, MAX_DETAIL));
            }
            return parse(text(response, MAX_BODY));
        });
    }

    private static String text(HttpResponse<InputStream> response, int limit) throws IOException {
        try (var body = response.body()) {
            var bytes = body.readNBytes(limit);
            if (bytes.length == limit && limit == MAX_BODY) {
                throw new IOException("the response has more than " + MAX_BODY + " bytes");
            }
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    private JsonNode parse(String text) {
        try {
            return Objects.requireNonNull(JSON.readTree(text));
        } catch (JsonProcessingException e) {
            throw notFromAgentOs(e.getOriginalMessage());
        }
    }

    private ClientException notFromAgentOs(String reason) {
        return new ClientException(
                0,
                url + " sent a response that is not from AgentOS (" + reason
                        + "): check the address and, behind a proxy, the path in --url",
                null);
    }

    private ClientException refused(HttpResponse<?> response, String path, String body) {
        var status = response.statusCode();
        var question = path.indexOf('?');
        var what = url + (question < 0 ? path : path.substring(0, question)) + " responded " + status;
        if (status < FIRST_ERROR) {
            return new ClientException(
                    status,
                    what + " and redirects to "
                            + response.headers().firstValue("Location").orElse("nowhere")
                            + ": use the address of AgentOS itself with --url",
                    null);
        }
        if (status == NEEDS_PROXY_AUTHORIZATION && proxy != null) {
            return new ClientException(
                    status,
                    "the proxy " + proxy.shown() + " requires a user: set " + proxy.variable()
                            + " to http://USER:PASSWORD@HOST:PORT, or reach the server directly with NO_PROXY="
                            + url.getHost(),
                    null);
        }
        var wayOut = status == UNAUTHORIZED ? ": set REIN_KEY or OS_SECURITY_KEY to the server's key" : "";
        try {
            var said = JSON.readTree(body).path("detail");
            if (!said.isMissingNode()) {
                return new ClientException(
                        status, what + ", " + (said.isTextual() ? said.textValue() : said.toString()) + wayOut, null);
            }
        } catch (JsonProcessingException e) {
            // Not the error format of AgentOS.
        }
        return new ClientException(
                status,
                what + wayOut + (body.isBlank() ? "" : ", " + body.strip())
                        + "; this is not from AgentOS: check the address and the proxy, if there is one",
                null);
    }

    /** Creates the exception for a connection lost within a response. */
    ClientException lost(IOException e) {
        return new ClientException(
                0,
                "the connection to " + url + " was lost (" + ConnectionProblem.reason(e)
                        + "): check whether the server runs, and its runs with ./rein ps",
                e);
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
