package dev.rein.tools.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.cancel.Cancellation;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** How a thread waits for the response to a request: until it is there, the run is stopped, or the time is over. */
sealed interface ResponseWait permits ResponseWait.Plain, RunningCall {

    /** Where the server's messages during the request go; null if nobody reads them. */
    @Nullable
    CallInbox inbox();

    /** Waits for something that others may wait for too. */
    <T> T await(CompletableFuture<T> future) throws McpToolException, IOException;

    /** Waits for the response. */
    JsonNode await(Exchange exchange) throws McpToolException, IOException;

    /** Registers that a stop abandons the exchange; null if nothing can stop it. */
    Cancellation.@Nullable Registration onStop(Exchange exchange);

    /** To be called when the thread waits no longer. */
    void leave(Exchange exchange);

    /**
     * Waits for a request that is no call of a tool.
     *
     * @param cancellation of the run; null outside of runs
     * @param limit of the wait for the session, and of that for the response
     */
    record Plain(@Nullable Cancellation cancellation, Duration limit) implements ResponseWait {
        @Override
        public @Nullable CallInbox inbox() {
            return null;
        }

        @Override
        public <T> T await(CompletableFuture<T> future) throws McpToolException, IOException {
            try {
                return ResponseWait.await(future, cancellation, limit);
            } catch (TimeoutException e) {
                throw new IOException("the MCP server did not respond within " + limit.toMillis() + " ms", e);
            }
        }

        @Override
        public JsonNode await(Exchange exchange) throws McpToolException, IOException {
            return await(exchange.response());
        }

        @Override
        public Cancellation.@Nullable Registration onStop(Exchange exchange) {
            return cancellation == null ? null : cancellation.onCancel(() -> abandon(exchange, cancellation));
        }

        @Override
        public void leave(Exchange exchange) {
            if (cancellation != null && cancellation.isCancelled()) {
                abandon(exchange, cancellation);
            } else if (!exchange.isFinished()) {
                exchange.abandon("no response in time");
            }
        }
    }

    static void abandon(Exchange exchange, Cancellation cancellation) {
        var cause = cancellation.cause();
        exchange.abandon(cause == null ? "stopped" : cause.reason());
    }

    /** @param limit null for none */
    static <T> T await(CompletableFuture<T> future, @Nullable Cancellation cancellation, @Nullable Duration limit)
            throws McpToolException, IOException, TimeoutException {
        // A copy: others wait for the same future, which a stop of this call must not cancel.
        var copy = future.copy();
        try {
            return cancellation != null
                    ? cancellation.await(copy, limit)
                    : limit == null ? copy.get() : copy.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case McpToolException refused -> throw refused;
                case NotSentException lost -> throw lost;
                case IOException failed -> throw new IOException(failed.getMessage(), failed);
                case null, default -> throw new IOException("the request to the MCP server failed", e);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for the MCP server", e);
        }
    }
}
