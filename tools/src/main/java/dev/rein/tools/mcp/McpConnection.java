package dev.rein.tools.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A server and the session with it, which is opened again when it has been lost. Thread-safe. */
final class McpConnection {
    private static final String PROTOCOL_VERSION = "2025-06-18";
    private static final Set<String> KNOWN_VERSIONS =
            Set.of("2024-11-05", "2025-03-26", PROTOCOL_VERSION, "2025-11-25");
    private static final Duration MAX_CLOSE = Duration.ofSeconds(10);

    private final String target;
    private final Opener opener;
    private final ObjectNode capabilities;
    private final Duration timeout;
    private final BooleanSupplier authorizing;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable CompletableFuture<Live> current;
    private boolean closed;

    /** A session that is being opened; null for none. */
    private @Nullable McpSession opening;

    /** Starts a session, without the handshake. */
    interface Opener {
        McpSession open(Runnable listChanged) throws IOException;
    }

    /**
     * A session after the handshake.
     *
     * @param capabilities of the server
     * @param tools the list of tools, which may be on its way; null if it has changed
     */
    private record Live(
            McpSession session,
            JsonNode capabilities,
            AtomicReference<@Nullable CompletableFuture<List<JsonNode>>> tools) {}

    /**
     * @param capabilities of this client
     * @param timeout of each response while a session is opened or tools are listed
     * @param authorizing whether a token is being requested, which may take longer and ends by itself
     */
    McpConnection(
            String target, Opener opener, ObjectNode capabilities, Duration timeout, BooleanSupplier authorizing) {
        this.authorizing = authorizing;
        this.capabilities = capabilities;
        this.target = target;
        this.opener = opener;
        this.timeout = timeout;
    }

    /** The server's tools at this time, in a session that is open now. */
    List<JsonNode> tools() throws IOException {
        // Each request has a timeout of its own; these bounds also cover the end of a server that did not respond.
        var live = await(current(), timeout.plus(MAX_CLOSE));
        return await(tools(live), timeout.multipliedBy(2));
    }

    private CompletableFuture<List<JsonNode>> tools(Live live) {
        var fresh = new CompletableFuture<List<JsonNode>>();
        var known = live.tools().compareAndExchange(null, fresh);
        if (known != null) {
            return known;
        }
        start(fresh, () -> listTools(live));
        var _ = fresh.whenComplete((list, e) -> {
            if (e != null) {
                live.tools().compareAndSet(fresh, null);
            }
        });
        return fresh;
    }

    /** The server, for messages. */
    String target() {
        return target;
    }

    /** What the server can do, as it said when the session was opened. */
    JsonNode capabilities() throws IOException {
        return await(current(), timeout.plus(MAX_CLOSE)).capabilities();
    }

    /**
     * Sends a request and waits for the result. One that the server has not received, because its program had ended or its session was
     * lost, is repeated once in a new session.
     *
     * @param wait how the calling thread waits for the response
     */
    JsonNode request(String method, ObjectNode params, Map<String, String> headers, ResponseWait wait)
            throws McpToolException, IOException {
        try {
            return requestOnce(method, params, headers, wait);
        } catch (NotSentException e) {
            return requestOnce(method, params, headers, wait);
        }
    }

    private JsonNode requestOnce(String method, ObjectNode params, Map<String, String> headers, ResponseWait wait)
            throws McpToolException, IOException {
        var session = wait.await(current()).session();
        var exchange = session.exchange(method, params, wait.inbox());
        try (var _ = wait.onStop(exchange)) {
            session.send(exchange, headers);
            return wait.await(exchange);
        } finally {
            // Also if the kernel has not run the aborter before the call returns, and after a timeout.
            wait.leave(exchange);
            session.forget(exchange);
        }
    }

    private CompletableFuture<Live> current() throws IOException {
        var fresh = new CompletableFuture<Live>();
        lock.lock();
        try {
            requireOpen();
            var known = current;
            if (known != null && (!known.isDone() || isOpen(known))) {
                return known;
            }
            current = fresh;
        } finally {
            lock.unlock();
        }
        start(fresh, this::open);
        return fresh;
    }

    private static boolean isOpen(CompletableFuture<Live> live) {
        return live.state() == CompletableFuture.State.SUCCESS
                && live.resultNow().session().isOpen();
    }

    private interface Task<T> {
        T execute() throws IOException;
    }

    private static <T> void start(CompletableFuture<T> future, Task<T> task) {
        Thread.ofVirtual().name("rein-mcp-connect").start(() -> {
            try {
                future.complete(task.execute());
            } catch (Throwable e) {
                // Of an Error too: others wait for this.
                future.completeExceptionally(e);
            }
        });
    }

    private Live open() throws IOException {
        var tools = new AtomicReference<@Nullable CompletableFuture<List<JsonNode>>>();
        McpSession session;
        try {
            session = opener.open(() -> tools.set(null));
        } catch (IOException e) {
            throw new IOException("cannot connect to MCP server " + target + ": " + e.getMessage(), e);
        }
        try {
            opening(session);
            var answer = request(session, "initialize", handshake());
            var version = answer.path("protocolVersion").asText();
            if (!KNOWN_VERSIONS.contains(version)) {
                throw new IOException("MCP server " + target + " speaks version \"" + version
                        + "\" of the protocol: use a version of the server that speaks " + PROTOCOL_VERSION);
            }
            session.initialized(answer);
            session.notify(JsonRpc.notification("notifications/initialized"));
            return opened(new Live(session, answer.path("capabilities"), tools));
        } catch (Throwable e) {
            session.close();
            throw e;
        }
    }

    /** Lets {@link #close} end a session that is being opened. */
    private void opening(McpSession session) throws IOException {
        lock.lock();
        try {
            requireOpen();
            opening = session;
        } finally {
            lock.unlock();
        }
    }

    private Live opened(Live live) throws IOException {
        lock.lock();
        try {
            requireOpen();
            opening = null;
            return live;
        } finally {
            lock.unlock();
        }
    }

    private void requireOpen() throws IOException {
        if (closed) {
            throw new IOException("the connection to MCP server " + target + " is closed");
        }
    }

    private JsonNode handshake() {
        var params = JsonRpc.JSON.createObjectNode().put("protocolVersion", PROTOCOL_VERSION);
        params.set("capabilities", capabilities);
        params.putObject("clientInfo").put("name", "rein").put("version", "0.1");
        return params;
    }

    private List<JsonNode> listTools(Live live) throws IOException {
        // Some servers offer tools and do not say so.
        try {
            return ServerList.TOOLS.read(target, (method, params) -> request(live.session(), method, params));
        } catch (IOException e) {
            if (!ServerList.TOOLS.isOffered(live.capabilities())
                    && e.getCause() instanceof McpToolException refused
                    && refused.isUnknownMethod()) {
                return List.of();
            }
            throw e;
        }
    }

    private JsonNode request(McpSession session, String method, JsonNode params) throws IOException {
        var exchange = session.exchange(method, params, null);
        try {
            session.send(exchange, Map.of());
            return get(exchange.response(), timeout);
        } catch (InterruptedException e) {
            exchange.abandon("interrupted");
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while connecting to MCP server " + target, e);
        } catch (ExecutionException e) {
            throw new IOException("cannot connect to MCP server " + target + ": " + root(e).getMessage(), root(e));
        } catch (TimeoutException e) {
            exchange.abandon("no response");
            throw new IOException("MCP server " + target + " did not respond within " + timeout.toMillis() + " ms", e);
        } finally {
            session.forget(exchange);
        }
    }

    /** The failure of a session that was the cause of the failure of its exchanges; not what caused the former. */
    private static Throwable root(ExecutionException failure) {
        var root = failure.getCause() == null ? failure : failure.getCause();
        return root.getCause() instanceof IOException session && root.getClass() == IOException.class ? session : root;
    }

    private <T> T await(CompletableFuture<T> future, Duration limit) throws IOException {
        try {
            return get(future, limit);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while connecting to MCP server " + target, e);
        } catch (ExecutionException e) {
            var cause = e.getCause() == null ? e : e.getCause();
            throw new IOException(cause.getMessage(), cause);
        } catch (TimeoutException e) {
            throw new IOException("MCP server " + target + " did not respond within " + limit.toMillis() + " ms", e);
        }
    }

    private <T> T get(CompletableFuture<T> future, Duration limit)
            throws InterruptedException, ExecutionException, TimeoutException {
        while (true) {
            try {
                return future.get(limit.toNanos(), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                if (!authorizing.getAsBoolean()) {
                    throw e;
                }
            }
        }
    }

    void close() {
        @Nullable CompletableFuture<Live> last;
        @Nullable McpSession unfinished;
        lock.lock();
        try {
            closed = true;
            last = current;
            unfinished = opening;
            opening = null;
        } finally {
            lock.unlock();
        }
        if (unfinished != null) {
            unfinished.close();
        }
        if (last != null && last.state() == CompletableFuture.State.SUCCESS) {
            last.resultNow().session().close();
        }
    }
}
