package dev.rein.tools.mcp;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.rein.cancel.Cancellation;
import dev.rein.text.PlainText;
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
 * A call of a tool of an MCP server.
 *
 * <pre>
 *   NEW --send--> SENT (id is set) --response--> FINISHED
 *    \__ abandon __\__ abandon: the server is notified __/^
 * </pre>
 */
final class McpCall {
    static final TypeReference<Map<String, Object>> ARGUMENTS = new TypeReference<>() {};

    private final McpConnection connection;
    private final McpAsyncClient client;
    private final CallToolRequest request;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Object id;
    private boolean finished;

    McpCall(McpConnection connection, McpAsyncClient client, String tool, Map<String, Object> arguments) {
        this.connection = connection;
        this.client = client;
        this.request = CallToolRequest.builder(tool).arguments(arguments).build();
    }

    CallToolRequest request() {
        return request;
    }

    /** The id of the request; null before it is sent. */
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
        try (var _ = cancellation.onCancel(() -> abandon(cancellation))) {
            var result = cancellation.await(client.callTool(request).toFuture(), null);
            finish();
            return McpResults.text(result);
        } catch (ExecutionException e) {
            var cause = e.getCause() == null ? e : e.getCause();
            throw new IOException("the MCP server failed: " + PlainText.message(cause), e);
        } catch (TimeoutException e) {
            throw new AssertionError("a wait without a timeout cannot time out", e);
        } finally {
            // The kernel does not run an aborter that has not started when the call returns.
            if (cancellation.isCancelled()) {
                abandon(cancellation);
            }
            connection.forget(this);
        }
    }

    /** Sends the request and sets its id in one step, unless the call was abandoned before. */
    Mono<Void> send(Object newId, Supplier<Mono<Void>> transport) {
        lock.lock();
        try {
            if (finished) {
                return Mono.empty();
            }
            id = newId;
            return transport.get();
        } finally {
            lock.unlock();
        }
    }

    /** Has an effect once; a second caller waits for the first. */
    private void abandon(Cancellation cancellation) {
        lock.lock();
        try {
            if (!finished) {
                finished = true;
                if (id != null) {
                    var cause = cancellation.cause();
                    connection.abandon(id, cause == null ? "stopped" : cause.reason());
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private void finish() {
        lock.lock();
        try {
            finished = true;
        } finally {
            lock.unlock();
        }
    }
}
