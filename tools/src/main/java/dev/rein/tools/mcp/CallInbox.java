package dev.rein.tools.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What a server says during a call, for the thread that waits for its response. Of several reports of progress only the last
 * one is kept, and of requests 16. Thread-safe.
 */
final class CallInbox {
    private static final int MAX_REQUESTS = 16;

    private final AtomicReference<CompletableFuture<Boolean>> arrival =
            new AtomicReference<>(new CompletableFuture<>());
    private final AtomicReference<@Nullable JsonNode> progress = new AtomicReference<>();
    private final BlockingQueue<JsonNode> requests = new ArrayBlockingQueue<>(MAX_REQUESTS);
    private final String rootRunId;
    private volatile long lastSign = System.nanoTime();

    /** @param rootRunId of the run that makes the call */
    CallInbox(String rootRunId) {
        this.rootRunId = rootRunId;
    }

    String rootRunId() {
        return rootRunId;
    }

    /** A request of the server. @return false if there are too many */
    boolean requested(JsonNode request) {
        var accepted = requests.offer(request);
        lastSign = System.nanoTime();
        wake();
        return accepted;
    }

    /** The server no longer wants the answer to a request. */
    void withdrawn(JsonNode id) {
        requests.removeIf(request -> request.path("id").equals(id));
    }

    /** The next request; null for none. */
    @Nullable
    JsonNode takeRequest() {
        return requests.poll();
    }

    /** The server is heard: the time in which people or a model answer it does not count. */
    void heard() {
        lastSign = System.nanoTime();
    }

    /** Returns a future that is completed by the next arrival. To be called before looking at what has arrived. */
    CompletableFuture<Boolean> next() {
        var next = new CompletableFuture<Boolean>();
        arrival.set(next);
        return next;
    }

    void wake() {
        arrival.get().complete(true);
    }

    void progressed(JsonNode params) {
        lastSign = System.nanoTime();
        progress.set(params);
        wake();
    }

    /** The last report of progress that was not taken yet; null for none. */
    @Nullable
    JsonNode takeProgress() {
        return progress.getAndSet(null);
    }

    boolean hasProgress() {
        return progress.get() != null;
    }

    /** When the server was heard last, by {@link System#nanoTime}. */
    long lastSign() {
        return lastSign;
    }
}
