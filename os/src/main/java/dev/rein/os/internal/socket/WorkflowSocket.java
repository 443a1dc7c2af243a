package dev.rein.os.internal.socket;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.os.ServerLimits;
import dev.rein.os.internal.auth.AccessControl;
import dev.rein.os.internal.route.Caller;
import dev.rein.os.internal.route.Client;
import dev.rein.os.internal.route.LogText;
import dev.rein.os.internal.route.Problem;
import dev.rein.os.internal.route.RequestValues;
import dev.rein.os.internal.wire.WireJson;
import io.javalin.websocket.WsConfig;
import io.javalin.websocket.WsContext;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The WebSocket for workflows: connections, authentication and dispatch of actions. Thread-safe. */
public final class WorkflowSocket {
    /** The maximum size of a client's message in characters. */
    public static final int MAX_MESSAGE = 1 << 20;

    private static final Logger log = LoggerFactory.getLogger(WorkflowSocket.class);
    private static final long PING_SECONDS = 20;
    private static final long CLOSE_SECONDS = 1;

    private final AccessControl access;
    private final SocketActions actions;
    private final ServerLimits limits;
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("rein-os-sockets").factory());

    /** Whether a check of the sockets is scheduled. Guarded by this. */
    private boolean isWatching;

    private final Map<String, SocketClient> clients = new ConcurrentHashMap<>();
    private final TokenExpiries expiries = new TokenExpiries();

    public WorkflowSocket(AccessControl access, SocketActions actions, ServerLimits limits) {
        this.access = access;
        this.actions = actions;
        this.limits = limits;
        timer.setKeepAliveTime(1, TimeUnit.MINUTES);
        timer.allowCoreThreadTimeOut(true);
    }

    private boolean isOpen() {
        return access.isOpen();
    }

    public void configure(WsConfig socket) {
        socket.onConnect(this::connected);
        socket.onMessage(message -> received(message, message.message()));
        socket.onBinaryMessage(message -> received(message, ""));
        socket.onClose(this::closed);
        socket.onError(this::closed);
    }

    /** Number of open sockets. */
    int open() {
        return clients.size();
    }

    /** Refuses to start further runs. */
    public void drain() {
        actions.drain();
    }

    /** Closes all sockets. */
    public void close() {
        expiries.close();
        timer.shutdownNow();
        var all = List.copyOf(clients.values());
        var written = new CountDownLatch(all.size());
        all.forEach(client -> client.closeGoingAway(written));
        try {
            var isWritten = written.await(CLOSE_SECONDS, TimeUnit.SECONDS);
            log.debug("closed {} sockets{}", all.size(), isWritten ? "" : "; not all clients were notified");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void connected(WsContext socket) throws IOException {
        Client connection = Objects.requireNonNull(socket.attribute(Client.ATTRIBUTE), Client.ATTRIBUTE);
        var client = new SocketClient(socket.session, connection, isOpen() ? Caller.ANYBODY : null);
        if (isOpen()) {
            connection.authenticated();
        }
        clients.put(socket.sessionId(), client);
        watch();
        socket.enableAutomaticPings(PING_SECONDS, TimeUnit.SECONDS);
        client.send(WireJson.object()
                .put("event", "connected")
                .put("message", "Connected to AgentOS.")
                .put("requires_auth", !isOpen()));
    }

    /** Checks the sockets from time to time, as long as there are any. */
    private synchronized void watch() {
        if (!isWatching && !timer.isShutdown()) {
            isWatching = true;
            var shortest = Math.min(
                    limits.headTimeout().toMillis(), limits.socketIdle().toMillis());
            // Never cancelled: the next look ends by itself.
            var _ = timer.schedule(this::check, Math.clamp(shortest / 5, 1, 1_000), TimeUnit.MILLISECONDS);
        }
    }

    private void check() {
        for (var client : clients.values()) {
            try {
                client.closeIfIdle(limits.headTimeout(), limits.socketIdle());
            } catch (RuntimeException e) {
                log.warn("closing an idle socket failed", LogText.lines(e));
            }
        }
        synchronized (this) {
            isWatching = false;
        }
        if (!clients.isEmpty()) {
            watch();
        }
    }

    private void closed(WsContext socket) {
        var client = clients.remove(socket.sessionId());
        if (client != null) {
            expiries.forget(client);
            client.closed();
        }
    }

    private void received(WsContext socket, String text) throws IOException {
        var client = clients.get(socket.sessionId());
        if (client == null) {
            return;
        }
        client.active();
        try {
            var answer = answer(client, parse(text));
            if (answer != null) {
                client.send(answer);
            }
        } catch (Problem e) {
            client.send(error(String.valueOf(e.getMessage())));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            log.error("WebSocket action failed", LogText.lines(e));
            client.send(error("Internal server error (" + e.getClass().getSimpleName() + ")"));
        }
    }

    private static JsonNode parse(String text) {
        try {
            var message = RequestValues.JSON.readTree(text);
            if (message != null && message.isObject()) {
                return message;
            }
        } catch (JsonProcessingException e) {
            // Reported below.
        }
        throw Problem.badRequest("Invalid JSON: send an object with an \"action\"");
    }

    private static ObjectNode error(String text) {
        return WireJson.object().put("event", "error").put("error", text);
    }

    private @Nullable ObjectNode answer(SocketClient client, JsonNode message) throws InterruptedException {
        var action = message.path("action").asText("");
        if (action.equals("authenticate")) {
            return authenticate(client, message.path("token").asText(""));
        }
        var caller = client.caller();
        if (caller == null) {
            return WireJson.object()
                    .put("event", "auth_required")
                    .put("error", "Authentication required: send the action authenticate with a token first");
        }
        return switch (action) {
            case "ping" -> WireJson.object().put("event", "pong");
            case "start-workflow" -> actions.start(client, caller, message);
            case "reconnect" -> actions.reconnect(client, caller, message);
            case "continue-workflow" -> actions.continueRun(client, caller, message);
            case "cancel" -> actions.cancel(caller, message);
            default -> error("Unknown action: " + action);
        };
    }

    private ObjectNode authenticate(SocketClient client, String token) {
        if (isOpen()) {
            return WireJson.object().put("event", "authenticated").put("message", "Authentication is not required.");
        }
        try {
            var caller = access.authenticate(token);
            if (caller.isExpired()) {
                throw Problem.of(401, "Invalid token: Expired JWT");
            }
            client.authenticated(caller);
            expiries.watch(client, caller);
            var answer = WireJson.object().put("event", "authenticated").put("message", "Authentication successful.");
            return caller.userId() == null ? answer : answer.put("user_id", caller.userId());
        } catch (Problem e) {
            return WireJson.object().put("event", "auth_error").put("error", e.getMessage());
        }
    }
}
