package dev.rein.tools.mcp;

import dev.rein.tools.internal.process.LinuxProcesses;
import dev.rein.tools.internal.process.ProcessKiller;
import dev.rein.tools.internal.process.ProcessSecrets;
import dev.rein.tools.shell.ProcessTree;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.client.transport.ServerParameters;
import io.modelcontextprotocol.client.transport.StdioClientTransport;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.spec.McpClientTransport;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse.JSONRPCError;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * Wraps a transport of the SDK and adds what the SDK lacks: it records the request id of each call, notifies the server of abandoned calls,
 * makes the SDK forget them, and ends the calls of a server that has died.
 */
final class McpConnection implements McpClientTransport {
    private static final Logger log = LoggerFactory.getLogger(McpConnection.class);
    private static final String CANCELLED = "notifications/cancelled";
    private static final Duration SEND_TIMEOUT = Duration.ofSeconds(1);
    private static final JSONRPCError ABANDONED = new JSONRPCError(-32_000, "the call was abandoned");
    private static final JSONRPCError SERVER_DIED = new JSONRPCError(-32_000, "the MCP server ended during the call");

    private final McpClientTransport transport;
    private final @Nullable StdioServer server;
    private final Map<Object, McpCall> calls = Collections.synchronizedMap(new IdentityHashMap<>());
    private final CompletableFuture<Void> failure = new CompletableFuture<>();
    private volatile @Nullable Function<Mono<JSONRPCMessage>, Mono<JSONRPCMessage>> handler;

    private McpConnection(McpClientTransport transport, @Nullable StdioServer server) {
        this.transport = transport;
        this.server = server;
    }

    static McpConnection stdio(
            String program, List<String> arguments, Map<String, String> environment, @Nullable Path directory) {
        ProcessSecrets.hide();
        var server = new StdioServer(
                ServerParameters.builder(program)
                        .args(arguments)
                        .env(environment)
                        .build(),
                environment,
                directory);
        return new McpConnection(server, server);
    }

    static McpConnection http(URI uri, Map<String, String> headers) {
        var path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        var request = HttpRequest.newBuilder();
        headers.forEach(request::header);
        return new McpConnection(
                HttpClientStreamableHttpTransport.builder(uri.getScheme() + "://" + uri.getRawAuthority())
                        .endpoint(uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery())
                        .requestBuilder(request)
                        .customizeClient(client -> client.version(HttpClient.Version.HTTP_1_1))
                        .build(),
                null);
    }

    /** Completes exceptionally if the server cannot be reached, or has ended. */
    CompletableFuture<Void> failure() {
        return failure;
    }

    private void connected() {
        if (server != null) {
            Thread.ofVirtual().name("rein-mcp-server").start(() -> {
                server.awaitForExit();
                failure.completeExceptionally(new IOException("the server program has ended"));
                endAll();
            });
        }
    }

    /** Makes {@link #sendMessage} pass the request id to the call, until {@link #forget}. */
    void expect(McpCall call) {
        calls.put(call.request(), call);
    }

    void forget(McpCall call) {
        calls.remove(call.request());
    }

    /** Notifies the server that the call is cancelled, and makes the SDK forget it. */
    void abandon(Object id, String reason) {
        var notification = new JSONRPCNotification(
                McpSchema.JSONRPC_VERSION, CANCELLED, Map.of("requestId", id, "reason", reason));
        try {
            transport.sendMessage(notification).toFuture().get(SEND_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            log.warn("The MCP server could not be notified that call {} is cancelled", id, e);
        }
        respond(id, ABANDONED);
    }

    @Override
    public Mono<Void> connect(Function<Mono<JSONRPCMessage>, Mono<JSONRPCMessage>> newHandler) {
        handler = newHandler;
        return transport
                .connect(newHandler)
                .doOnSuccess(nothing -> connected())
                .doOnError(failure::completeExceptionally);
    }

    @Override
    public Mono<Void> sendMessage(JSONRPCMessage message) {
        var call = message instanceof JSONRPCRequest request && request.params() != null
                ? calls.get(request.params())
                : null;
        return call == null
                ? transport.sendMessage(message)
                : call.send(((JSONRPCRequest) message).id(), () -> transport.sendMessage(message));
    }

    /** A limit is needed because the SDK waits forever for a program that ignores TERM. */
    long closeTimeoutMillis() {
        return server == null ? 5_000 : 1_000;
    }

    void killServer() {
        if (server != null) {
            server.kill();
        }
        endAll();
    }

    private void endAll() {
        for (var call : List.copyOf(calls.values())) {
            var id = call.id();
            if (id != null) {
                respond(id, SERVER_DIED);
            }
        }
    }

    /** Passes an error response to the SDK as if the server had sent it. */
    private void respond(Object id, JSONRPCError error) {
        var receiver = handler;
        if (receiver != null) {
            receiver.apply(Mono.just(JSONRPCResponse.error(id, error))).subscribe();
        }
    }

    @Override
    public Mono<Void> closeGracefully() {
        return transport.closeGracefully();
    }

    @Override
    public <T> T unmarshalFrom(Object data, TypeRef<T> type) {
        return transport.unmarshalFrom(data, type);
    }

    @Override
    public List<String> protocolVersions() {
        return transport.protocolVersions();
    }

    @Override
    public void setExceptionHandler(Consumer<Throwable> exceptions) {
        transport.setExceptionHandler(exceptions);
    }

    /** A server program. The SDK starts it but does not expose its process, so it is found by a mark in its environment. */
    private static final class StdioServer extends StdioClientTransport {
        private final String mark = UUID.randomUUID().toString();
        private final Map<String, String> environment;
        private final @Nullable Path directory;

        StdioServer(ServerParameters parameters, Map<String, String> environment, @Nullable Path directory) {
            super(parameters, McpJsonDefaults.getMapper());
            this.environment = environment;
            this.directory = directory;
            setStdErrorHandler(line -> log.debug("MCP server: {}", line));
        }

        @Override
        protected ProcessBuilder getProcessBuilder() {
            var builder = new ProcessBuilder();
            // The SDK adds to this map, which is otherwise that of the JVM.
            builder.environment().clear();
            builder.environment().putAll(environment);
            builder.environment().put(LinuxProcesses.MARK, mark);
            if (directory != null) {
                builder.directory(directory.toFile());
            }
            return builder;
        }

        void kill() {
            new ProcessKiller(() -> LinuxProcesses.AVAILABLE ? LinuxProcesses.tree(-1, mark, 0) : List.of())
                    .kill(ProcessTree.DEFAULT_PATIENCE);
        }
    }
}
