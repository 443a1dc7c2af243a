package dev.rein.tools.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.text.PlainText;
import dev.rein.tools.internal.oauth.Authorization;
import dev.rein.tools.internal.oauth.Challenge;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A session through the streamable HTTP transport. Each request is a POST whose response is JSON or a stream of events; another stream
 * brings the server's notifications, if it offers one.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2025-06-18/basic/transports">Transports of the protocol</a>
 */
final class HttpSession extends McpSession {
    private static final Logger log = LoggerFactory.getLogger(HttpSession.class);
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration NOTIFY_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(10);
    private static final int MAX_ANSWERS = 16;
    private static final int MAX_ATTEMPTS = 3;
    private static final int MAX_RESUMES = 5;
    private static final int MAX_EXCERPT = 300;

    /** HTTP/2 requests are cancelled by a frame that a server may ignore; it cannot ignore a closed connection. Never closed. */
    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT)
            .build();

    private final URI uri;
    private final Map<String, String> headers;
    private final @Nullable Authorization authorization;
    private final Semaphore answers = new Semaphore(MAX_ANSWERS);
    private final AtomicBoolean hasLostAnswers = new AtomicBoolean();
    private volatile @Nullable String sessionId;
    private volatile @Nullable String protocolVersion;
    private volatile @Nullable NotificationStream notifications;

    /** @param authorization gets the tokens; null if there are none */
    HttpSession(
            URI uri,
            Map<String, String> headers,
            @Nullable Authorization authorization,
            Runnable listChanged,
            ServerRequests offered) {
        super(listChanged, offered);
        this.authorization = authorization;
        this.uri = uri;
        this.headers = headers;
    }

    @Override
    void send(Exchange exchange, Map<String, String> additionalHeaders) {
        if (exchange.response().isDone() || !exchange.begin()) {
            return;
        }
        Thread.ofVirtual().name("rein-mcp-response").start(() -> request(exchange, additionalHeaders));
    }

    /** Ended by the abandonment of the exchange, which every caller does at the latest after its timeout. */
    private void request(Exchange exchange, Map<String, String> additionalHeaders) {
        var tokens = hasAuthorization(additionalHeaders) ? null : authorization;
        var token = tokens == null ? null : awaited(exchange, tokens.token());
        for (int attempt = 1; !exchange.isFinished(); attempt++) {
            var response = CLIENT.sendAsync(
                    post(exchange.message(), additionalHeaders, token).build(), BodyHandlers.ofInputStream());
            exchange.onRelease(() -> release(response));
            try {
                var answer = response.get();
                if (tokens == null || attempt == MAX_ATTEMPTS || !wantsToken(answer)) {
                    read(exchange, answer, additionalHeaders);
                    return;
                }
                var challenge = Challenge.of(answer.headers().allValues("WWW-Authenticate"));
                token = awaited(exchange, tokens.renewed(token, challenge));
            } catch (ExecutionException e) {
                exchange.fail(unreachable(e.getCause() == null ? e : e.getCause()));
                return;
            } catch (IOException e) {
                exchange.fail(
                        e instanceof NotSentException
                                ? e
                                : unknown("the connection broke: " + PlainText.message(e), e));
                return;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException e) {
                exchange.fail(e);
                return;
            } finally {
                release(response);
            }
        }
    }

    private static boolean hasAuthorization(Map<String, String> additionalHeaders) {
        return additionalHeaders.keySet().stream().anyMatch("Authorization"::equalsIgnoreCase);
    }

    private static boolean wantsToken(HttpResponse<?> answer) {
        return answer.statusCode() == 401
                || (answer.statusCode() == 403
                        && Challenge.of(answer.headers().allValues("WWW-Authenticate"))
                                .wantsMoreScope());
    }

    /** Waits for a token until the exchange is abandoned; a failure is that of the exchange. */
    private static @Nullable String awaited(Exchange exchange, Authorization.Waiter waiter) {
        try (waiter) {
            var token = waiter.token().copy();
            exchange.onRelease(() -> token.cancel(true));
            return token.get();
        } catch (ExecutionException e) {
            exchange.fail(
                    e.getCause() instanceof IOException failed
                            ? new IOException(
                                    "the MCP server demands a token, and there is none: " + failed.getMessage(), failed)
                            : new IOException("the MCP server demands a token, and there is none", e));
        } catch (CancellationException e) {
            // The exchange was abandoned.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return null;
    }

    private void read(Exchange exchange, HttpResponse<InputStream> response, Map<String, String> additionalHeaders)
            throws IOException, InterruptedException {
        var status = response.statusCode();
        if (status < 200 || status >= 300) {
            exchange.fail(refused(response));
            return;
        }
        response.headers().firstValue("Mcp-Session-Id").ifPresent(id -> sessionId = id);
        if (isEventStream(response)) {
            readEvents(exchange, response, additionalHeaders);
        } else {
            var body = body(response, JsonRpc.MAX_MESSAGE);
            var message = JsonRpc.parse(body);
            if (message != null) {
                receive(exchange, message);
            } else if (!body.isBlank()) {
                exchange.fail(unknown("it responded with what is no message of the protocol: " + excerpt(body), null));
            }
        }
        if (!exchange.response().isDone()) {
            exchange.fail(unknown("it responded with status " + status + " and without a result", null));
        }
    }

    private void readEvents(Exchange exchange, HttpResponse<InputStream> first, Map<String, String> additionalHeaders)
            throws IOException, InterruptedException {
        var response = first;
        for (int resumes = 0; ; resumes++) {
            String lastId;
            try (var stream = response.body()) {
                var events = new SseEvents(stream);
                readUntilAnswered(exchange, events);
                lastId = events.lastId();
            }
            if (exchange.response().isDone() || exchange.isFinished()) {
                return;
            }
            if (lastId == null || resumes == MAX_RESUMES) {
                exchange.fail(unknown("its stream of events ended without the result", null));
                return;
            }
            // An event with an id means that the rest of the stream can be read in another request.
            var request = request(additionalHeaders)
                    .header("Accept", "text/event-stream")
                    .header("Last-Event-ID", lastId)
                    .GET()
                    .build();
            var future = CLIENT.sendAsync(request, BodyHandlers.ofInputStream());
            exchange.onRelease(() -> release(future));
            try {
                response = future.get();
            } catch (ExecutionException e) {
                exchange.fail(unknown("its stream of events ended without the result", e));
                return;
            }
            if (response.statusCode() != 200 || !isEventStream(response)) {
                release(future);
                exchange.fail(unknown(
                        "its stream of events ended without the result, and could not be resumed (status "
                                + response.statusCode() + ")",
                        null));
                return;
            }
        }
    }

    private void readUntilAnswered(Exchange exchange, SseEvents events) throws IOException {
        for (var data = events.next(); data != null; data = events.next()) {
            var message = JsonRpc.parse(data);
            if (message != null) {
                receive(exchange, message);
            }
            if (exchange.response().isDone()) {
                return;
            }
        }
    }

    /** Handles a message in the response to a request. An error without an id is that of this request. */
    private void receive(Exchange exchange, JsonNode message) {
        if (message.has("error") && !message.hasNonNull("id")) {
            exchange.complete(message);
        } else {
            receive(message, exchange);
        }
    }

    private IOException unknown(String what, @Nullable Throwable cause) {
        return new IOException(
                "the MCP server " + uri + " gave no result, and whether the call had effects is unknown: " + what,
                cause);
    }

    private IOException unreachable(Throwable cause) {
        if (cause instanceof ConnectException || cause instanceof HttpConnectTimeoutException) {
            var lost = new NotSentException(
                    "cannot connect to the MCP server " + uri + ": "
                            + (cause instanceof HttpConnectTimeoutException
                                    ? "no answer"
                                    : "connection refused, or no such host")
                            + ": start the server, or correct the URL",
                    cause);
            lost(lost);
            return lost;
        }
        return unknown("the connection broke: " + PlainText.message(cause), cause);
    }

    private IOException refused(HttpResponse<InputStream> response) throws IOException {
        var status = response.statusCode();
        var body = body(response, 1 << 16);
        if (sessionId != null
                && (status == 404
                        || (status == 400 && body.toLowerCase(Locale.ROOT).contains("session")))) {
            var lost = new NotSentException("the MCP server " + uri + " no longer knows the session", null);
            lost(lost);
            return lost;
        }
        var message = JsonRpc.parse(body);
        var reason = message != null && message.path("error").isObject()
                ? message.at("/error/message").asText()
                : excerpt(body);
        var advice = switch (status) {
            case 401, 403 ->
                authorization == null
                        ? "; set the headers that it asks for, such as Authorization, with headers(..), or use oauth(..)"
                        : "; it does not accept the token that the authorization server gave";
            case 404, 405 -> "; check the URL";
            case 429 -> "; too many requests, try again later";
            default -> status >= 500 ? "; whether the call had effects is unknown" : "";
        };
        return new IOException("the MCP server " + uri + " responded with status " + status
                + (reason.isBlank() ? "" : ": " + reason)
                + response.headers()
                        .firstValue("Location")
                        .map(to -> " (to " + to + ")")
                        .orElse("")
                + advice);
    }

    @Override
    void notify(ObjectNode message) {
        post(message, Map.of(), NOTIFY_TIMEOUT, () -> {});
    }

    @Override
    void answer(ObjectNode message, Map<String, String> additionalHeaders) {
        if (answers.tryAcquire()) {
            post(message, additionalHeaders, ANSWER_TIMEOUT, answers::release);
        } else if (hasLostAnswers.compareAndSet(false, true)) {
            log.warn("The MCP server {} asks faster than it reads the answers: some get none", uri);
        }
    }

    private void post(
            ObjectNode message, Map<String, String> additionalHeaders, Duration timeout, Runnable afterwards) {
        var request =
                post(message, additionalHeaders, knownToken()).timeout(timeout).build();
        var _ = CLIENT.sendAsync(request, BodyHandlers.discarding()).whenComplete((response, e) -> {
            afterwards.run();
            if (e != null) {
                log.warn("The MCP server {} could not be notified: {}", uri, PlainText.message(e));
            }
        });
    }

    @Override
    void initialized(JsonNode answer) {
        protocolVersion = answer.path("protocolVersion").asText();
        // A server may also ask there, instead of in the response to a call.
        if (answer.at("/capabilities/tools/listChanged").asBoolean() || mayAsk()) {
            Thread.ofVirtual().name("rein-mcp-notifications").start(this::readNotifications);
        }
    }

    private void readNotifications() {
        var stream = new NotificationStream(
                lastId -> {
                    var request = request(Map.of()).header("Accept", "text/event-stream");
                    if (lastId != null) {
                        request.header("Last-Event-ID", lastId);
                    }
                    return CLIENT.sendAsync(request.GET().build(), BodyHandlers.ofInputStream());
                },
                message -> receive(message),
                this::toolsChanged,
                // A call gets another token.
                status -> status >= 500 || status == 429 || (status == 401 && authorization != null));
        notifications = stream;
        if (isOpen()) {
            stream.read();
        }
    }

    private @Nullable String knownToken() {
        var tokens = authorization;
        return tokens == null ? null : tokens.known();
    }

    private HttpRequest.Builder post(
            ObjectNode message, Map<String, String> additionalHeaders, @Nullable String token) {
        return request(additionalHeaders, token)
                .header("Content-Type", "application/json")
                .header("Accept", "application/json, text/event-stream")
                .POST(BodyPublishers.ofString(message.toString()));
    }

    private HttpRequest.Builder request(Map<String, String> additionalHeaders) {
        return request(additionalHeaders, knownToken());
    }

    /** A request to the server itself; nothing else is sent with its token. */
    private HttpRequest.Builder request(Map<String, String> additionalHeaders, @Nullable String token) {
        var request = HttpRequest.newBuilder(uri);
        headers.forEach(request::setHeader);
        if (token != null) {
            request.setHeader("Authorization", "Bearer " + token);
        }
        additionalHeaders.forEach(request::setHeader);
        var id = sessionId;
        if (id != null) {
            request.setHeader("Mcp-Session-Id", id);
        }
        var version = protocolVersion;
        if (version != null) {
            request.setHeader("MCP-Protocol-Version", version);
        }
        return request;
    }

    /** A new session takes the place of this one, with a stream of notifications of its own. */
    private void lost(IOException reason) {
        lose(reason);
        closeNotifications();
    }

    private void closeNotifications() {
        var stream = notifications;
        if (stream != null) {
            stream.close();
        }
    }

    @Override
    void close() {
        var open = isOpen();
        fail(new IOException("the connection to MCP server " + uri + " is closed"));
        closeNotifications();
        if (open && sessionId != null) {
            deleteSession();
        }
    }

    private void deleteSession() {
        var request = request(Map.of()).timeout(NOTIFY_TIMEOUT).DELETE().build();
        try {
            CLIENT.sendAsync(request, BodyHandlers.discarding()).get(NOTIFY_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            log.debug("The session of MCP server {} could not be deleted", uri, e);
        }
    }

    static boolean isEventStream(HttpResponse<?> response) {
        return response.headers().firstValue("Content-Type").orElse("").startsWith("text/event-stream");
    }

    private String body(HttpResponse<InputStream> response, int limit) throws IOException {
        try (var stream = response.body()) {
            var bytes = stream.readNBytes(limit + 1);
            if (bytes.length > limit && limit == JsonRpc.MAX_MESSAGE) {
                throw unknown("it responded with more than " + limit + " bytes", null);
            }
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    private static String excerpt(String body) {
        var text = body.strip();
        return text.length() > MAX_EXCERPT ? text.substring(0, MAX_EXCERPT) + "..." : text;
    }

    static void release(CompletableFuture<HttpResponse<InputStream>> response) {
        response.cancel(true);
        if (response.state() == Future.State.SUCCESS) {
            closeQuietly(response.resultNow().body());
        }
    }

    static void closeQuietly(@Nullable InputStream stream) {
        if (stream != null) {
            try {
                stream.close();
            } catch (IOException e) {
                log.debug("A response could not be closed", e);
            }
        }
    }
}
