package dev.rein.tools.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A live connection to a server: a child process, or a session over HTTP. It does not recover; a new one is opened instead. Thread-safe. */
abstract class McpSession {
    private static final Logger log = LoggerFactory.getLogger(McpSession.class);

    private final Map<Long, Exchange> exchanges = new ConcurrentHashMap<>();
    private final AtomicLong ids = new AtomicLong();
    private final Runnable listChanged;
    private final ServerRequests offered;
    private volatile @Nullable IOException failure;

    /**
     * @param listChanged called when the server says that its tools have changed; must not block
     * @param offered what the server may ask
     */
    McpSession(Runnable listChanged, ServerRequests offered) {
        this.listChanged = listChanged;
        this.offered = offered;
    }

    /** Registers a request, which is to be sent and later forgotten. */
    final Exchange exchange(String method, JsonNode params, @Nullable CallInbox inbox) {
        var exchange = new Exchange(this, ids.incrementAndGet(), method, params, inbox);
        exchanges.put(exchange.id(), exchange);
        var dead = failure;
        if (dead != null) {
            exchange.fail(new NotSentException(dead.getMessage(), dead));
        }
        return exchange;
    }

    final void forget(Exchange exchange) {
        exchanges.remove(exchange.id());
    }

    /** Sends a request without waiting for the response. A failure is reported by the exchange. */
    abstract void send(Exchange exchange, Map<String, String> headers);

    /** Sends a notification, without waiting and without reporting a failure. */
    abstract void notify(ObjectNode message);

    /** Sends the answer to a request of the server like {@link #notify}, unless it has asked faster than it reads the answers. */
    final void answer(ObjectNode message) {
        answer(message, Map.of());
    }

    /** The same with the headers of a run. */
    abstract void answer(ObjectNode message, Map<String, String> headers);

    /** To be called with the server's response to {@code initialize}, before anything else is sent. */
    void initialized(JsonNode answer) {}

    /** Ends the session and what belongs to it, within a few seconds. */
    abstract void close();

    /** To be called when the server's tools have changed, or may have changed unnoticed. */
    final void toolsChanged() {
        listChanged.run();
    }

    /** Whether the server may ask this client something beside pings. */
    final boolean mayAsk() {
        return !offered.capabilities().isEmpty();
    }

    final boolean isOpen() {
        return failure == null;
    }

    final boolean receive(JsonNode message) {
        return receive(message, null);
    }

    /**
     * Handles a message, or an array of messages, of the server.
     *
     * @param origin the request in whose response it came; null if that is unknown
     * @return whether it is one of the protocol
     */
    final boolean receive(JsonNode message, @Nullable Exchange origin) {
        if (message.isArray()) {
            var known = !message.isEmpty();
            for (var each : message) {
                known &= each.isObject() && receive(each, origin);
            }
            return known;
        }
        if (message.has("method")) {
            if (JsonRpc.isAnswerable(message)) {
                requested(message, origin);
            } else {
                notified(message);
            }
            return true;
        }
        if (!message.has("result") && !message.has("error")) {
            return false;
        }
        if (message.path("id").isNull() && message.has("error")) {
            failOnly(message);
            return true;
        }
        // Some servers return the id as a text. An id without an exchange belongs to an abandoned request.
        var exchange = exchanges.get(message.path("id").asLong(-1));
        if (exchange != null) {
            exchange.complete(message);
        }
        return true;
    }

    private void requested(JsonNode request, @Nullable Exchange origin) {
        var method = request.get("method").asText();
        if (method.equals("ping")) {
            answer(JsonRpc.result(request, JsonRpc.JSON.createObjectNode()));
        } else if (!offered.offers(method)) {
            answer(JsonRpc.unknown(request));
        } else {
            var inbox = origin == null || origin.inbox() == null ? onlyInbox(request) : origin.inbox();
            if (inbox == null) {
                answer(JsonRpc.refused(
                        request,
                        ServerRequests.REFUSED,
                        "no call of a tool waits for this server, or several runs have calls and the request does not say"
                                + " for which it is: ask during a call, or give its progressToken in _meta"));
            } else if (!inbox.requested(request)) {
                answer(JsonRpc.refused(request, ServerRequests.REFUSED, "too many requests wait for an answer"));
            }
        }
    }

    /** That of the call that a request without an origin is for; null if it is not clear. */
    private @Nullable CallInbox onlyInbox(JsonNode request) {
        var named = exchanges.get(request.at("/params/_meta/progressToken").asLong(-1));
        if (named != null) {
            return named.inbox();
        }
        CallInbox found = null;
        for (var exchange : exchanges.values()) {
            var inbox = exchange.inbox();
            if (inbox != null && exchange.isSent() && !exchange.isFinished()) {
                if (found != null && !found.rootRunId().equals(inbox.rootRunId())) {
                    return null;
                }
                found = inbox;
            }
        }
        return found;
    }

    private void notified(JsonNode message) {
        switch (message.get("method").asText()) {
            case "notifications/tools/list_changed" -> toolsChanged();
            case "notifications/cancelled" -> {
                var id = message.at("/params/requestId");
                for (var exchange : exchanges.values()) {
                    var inbox = exchange.inbox();
                    if (inbox != null) {
                        inbox.withdrawn(id);
                    }
                }
            }
            case "notifications/progress" -> {
                var params = message.path("params");
                var exchange = exchanges.get(params.path("progressToken").asLong(-1));
                var inbox = exchange == null ? null : exchange.inbox();
                if (inbox != null) {
                    inbox.progressed(params);
                }
            }
            default -> {}
        }
    }

    /** Completes the request that the server could not read, if it is clear which one that is: its answer has no id. */
    private void failOnly(JsonNode message) {
        var sent = exchanges.values().stream()
                .filter(each -> each.isSent() && !each.isFinished())
                .toList();
        if (sent.size() == 1) {
            sent.getFirst().complete(message);
        } else {
            log.warn("The MCP server has an error, and does not say of which of {} requests: {}", sent.size(), message);
        }
    }

    /** Marks the session as unusable; its exchanges, which have connections of their own, continue. */
    final void lose(IOException reason) {
        synchronized (exchanges) {
            failure = failure == null ? reason : failure;
        }
    }

    /** Marks the session as unusable and ends its exchanges. Only the first call has an effect. */
    final void fail(IOException reason) {
        synchronized (exchanges) {
            if (failure != null) {
                return;
            }
            failure = reason;
        }
        for (var exchange : List.copyOf(exchanges.values())) {
            exchange.fail(
                    exchange.isSent()
                            ? new IOException(
                                    "the MCP server ended during the call, whose effects are unknown: "
                                            + reason.getMessage(),
                                    reason)
                            : new NotSentException(reason.getMessage(), reason));
        }
    }
}
