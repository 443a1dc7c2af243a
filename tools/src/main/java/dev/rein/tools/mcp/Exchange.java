package dev.rein.tools.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A request and its response. Thread-safe.
 *
 * <pre>
 *   NEW --begin--> SENT --response--> FINISHED
 *   SENT --takeBack--> NEW: it could not be written
 *   NEW --abandon--> FINISHED
 *   SENT --abandon--> FINISHED: the server is notified
 * </pre>
 */
final class Exchange {
    private enum State {
        NEW,
        SENT,
        FINISHED
    }

    private final McpSession session;
    private final long id;
    private final ObjectNode message;
    private final CompletableFuture<JsonNode> response = new CompletableFuture<>();
    private final AtomicReference<State> state = new AtomicReference<>(State.NEW);
    private final @Nullable CallInbox inbox;
    private volatile @Nullable Runnable release;

    /** @param inbox of the call that this is the request of; null for a request that no run waits for */
    Exchange(McpSession session, long id, String method, JsonNode params, @Nullable CallInbox inbox) {
        this.session = session;
        this.id = id;
        this.inbox = inbox;
        this.message = JsonRpc.request(id, method, params);
        if (inbox != null) {
            message.withObject("/params/_meta").put("progressToken", id);
            var _ = response.whenComplete((_, _) -> inbox.wake());
        }
    }

    McpSession session() {
        return session;
    }

    @Nullable
    CallInbox inbox() {
        return inbox;
    }

    long id() {
        return id;
    }

    ObjectNode message() {
        return message;
    }

    /** The result; fails with {@link McpToolException} for an error of the server, and with an IOException if there is no response. */
    CompletableFuture<JsonNode> response() {
        return response;
    }

    /** To be called immediately before the request is sent. @return false if it must not be sent any more */
    boolean begin() {
        return state.compareAndSet(State.NEW, State.SENT);
    }

    /** To be called if the request could not be written after all. */
    void takeBack() {
        state.compareAndSet(State.SENT, State.NEW);
    }

    /** Whether the server may have received the request. */
    boolean isSent() {
        return state.get() != State.NEW;
    }

    boolean isFinished() {
        return state.get() == State.FINISHED;
    }

    /** Sets how the resources of this exchange are released if it ends without a response. */
    void onRelease(Runnable action) {
        release = action;
        if (isFinished()) {
            action.run();
        }
    }

    /** Ends the exchange without a response, and notifies the server if it may have received the request. Has an effect once. */
    void abandon(String reason) {
        var before = state.getAndSet(State.FINISHED);
        if (before == State.SENT && !response.isDone()) {
            var action = release;
            session.notify(JsonRpc.cancelled(id, reason));
            if (action != null) {
                action.run();
            }
        }
    }

    void complete(JsonNode answer) {
        var error = answer.get("error");
        if (error != null && !error.isNull()) {
            response.completeExceptionally(new McpToolException(
                    error.path("message").asText("the server reported an error") + " (error "
                            + error.path("code").asText("without a code") + ")",
                    error.path("code").asInt()));
        } else {
            response.complete(answer.path("result"));
        }
        state.set(State.FINISHED);
    }

    /** Ends the exchange with a failure, and releases its resources. */
    void fail(Exception failure) {
        response.completeExceptionally(failure);
        state.set(State.FINISHED);
        var action = release;
        if (action != null) {
            action.run();
        }
    }
}
