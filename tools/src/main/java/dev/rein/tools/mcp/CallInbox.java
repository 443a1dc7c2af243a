package dev.rein.tools.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** What a server says during a call, for the thread that waits for its response. Of several reports of progress only the last one is kept. Thread-safe. */
final class CallInbox {
    private final AtomicReference<CompletableFuture<@Nullable Void>> arrival =
            new AtomicReference<>(new CompletableFuture<>());
    private final AtomicReference<@Nullable JsonNode> progress = new AtomicReference<>();
    private volatile long lastSign = System.nanoTime();

    /** Returns a future that is completed by the next arrival. To be called before looking at what has arrived. */
    CompletableFuture<@Nullable Void> next() {
        var next = new CompletableFuture<@Nullable Void>();
        arrival.set(next);
        return next;
    }

    void wake() {
        arrival.get().complete(null);
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
