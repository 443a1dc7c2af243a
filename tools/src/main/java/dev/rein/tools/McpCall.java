package dev.rein.tools;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.rein.cancel.Cancellation;
import io.modelcontextprotocol.client.McpAsyncClient;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * One call of a tool of an MCP server.
 *
 * <pre>
 *   NEW --send--> SENT (has its id) --answer--> OVER
 *    \__ give up __\__ give up: the server is told __/^
 * </pre>
 */
final class McpCall {
    static final TypeReference<Map<String, Object>> ARGUMENTS = new TypeReference<>() {};

    private final McpConnection connection;
    private final McpAsyncClient client;
    private final CallToolRequest request;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Object id;
    private boolean over;

    McpCall(McpConnection connection, McpAsyncClient client, String tool, Map<String, Object> arguments) {
        this.connection = connection;
        this.client = client;
        this.request = CallToolRequest.builder(tool).arguments(arguments).build();
    }

    CallToolRequest request() {
        return request;
    }

    /** The id under which it went out; null before that. */
    @Nullable
    Object id() {
        lock.lock();
        try {
            return id;
        } finally {
            lock.unlock();
        }
    }

    Object execute(Cancellation cancellation) throws McpToolException, IOException {
        connection.expect(this);
        try (var _ = cancellation.onCancel(() -> giveUp(cancellation))) {
            var result = cancellation.await(client.callTool(request).toFuture(), null);
            over();
            return McpResults.text(result);
        } catch (ExecutionException e) {
            var cause = e.getCause() == null ? e : e.getCause();
            throw new IOException("the MCP server failed: " + cause.getMessage(), e);
        } catch (TimeoutException e) {
            throw new AssertionError("a wait without a time-out can't time out", e);
        } finally {
            // The kernel takes an aborter back that has not begun when the call returns.
            if (cancellation.isCancelled()) {
                giveUp(cancellation);
            }
            connection.forget(this);
        }
    }

    /** Sends it, unless it was given up before: what is under way can be told of, so both are one step. */
    Mono<Void> send(Object newId, Supplier<Mono<Void>> transport) {
        lock.lock();
        try {
            if (over) {
                return Mono.empty();
            }
            id = newId;
            return transport.get();
        } finally {
            lock.unlock();
        }
    }

    /** Once; a second caller waits for the first. */
    private void giveUp(Cancellation cancellation) {
        lock.lock();
        try {
            if (!over) {
                over = true;
                if (id != null) {
                    var cause = cancellation.cause();
                    connection.giveUp(id, cause == null ? "stopped" : cause.reason());
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private void over() {
        lock.lock();
        try {
            over = true;
        } finally {
            lock.unlock();
        }
    }
}
