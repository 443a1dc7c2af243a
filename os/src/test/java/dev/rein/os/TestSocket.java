package dev.rein.os;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A WebSocket client for tests. */
final class TestSocket implements AutoCloseable, WebSocket.Listener {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final JsonMapper JSON = new JsonMapper();

    private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
    private final StringBuilder partial = new StringBuilder();
    final CompletableFuture<Integer> closed = new CompletableFuture<>();
    /** Why it was closed; set before {@link #closed}. */
    volatile String reason;

    private final WebSocket socket;

    TestSocket(AgentOS os) {
        this(os, null);
    }

    TestSocket(AgentOS os, String origin) {
        var builder = CLIENT.newWebSocketBuilder();
        if (origin != null) {
            builder.header("Origin", origin);
        }
        socket = builder.buildAsync(URI.create(os.url().replace("http:", "ws:") + "/workflows/ws"), this)
                .join();
    }

    @Override
    public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
        partial.append(data);
        if (last) {
            messages.add(partial.toString());
            partial.setLength(0);
        }
        webSocket.request(1);
        return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket webSocket, int status, String why) {
        reason = why;
        closed.complete(status);
        return null;
    }

    @Override
    public void onError(WebSocket webSocket, Throwable error) {
        closed.completeExceptionally(error);
    }

    TestSocket send(String json) {
        return sendPart(json, true);
    }

    /** One frame of a message; {@code last} ends the message. */
    TestSocket sendPart(String json, boolean last) {
        socket.sendText(json.replace('\'', '"'), last).join();
        return this;
    }

    /** The next message as received. */
    String next() {
        try {
            var message = messages.poll(20, TimeUnit.SECONDS);
            if (message == null) {
                throw new AssertionError("no message came");
            }
            return message;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The data of a message, which is an event or plain JSON. */
    static JsonNode data(String message) {
        var at = message.indexOf("\ndata: ");
        try {
            return JSON.readTree(at < 0 ? message : message.substring(at + "\ndata: ".length()));
        } catch (IOException e) {
            throw new UncheckedIOException(message, e);
        }
    }

    JsonNode json() {
        return data(next());
    }

    /** Reads up to the event of this name. */
    JsonNode until(String event) {
        for (var json = json(); ; json = json()) {
            if (json.path("event").asText().equals(event)) {
                return json;
            }
        }
    }

    /** Drops the connection without a close frame. */
    void abort() {
        socket.abort();
    }

    @Override
    public void close() {
        // The server may be closing the socket at the same moment.
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "")
                .exceptionally(gone -> socket)
                .join();
    }
}
