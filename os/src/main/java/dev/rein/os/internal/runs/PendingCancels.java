package dev.rein.os.internal.runs;

import dev.rein.cancel.CancelRequest;
import dev.rein.run.ComponentKind;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Cancel requests for unknown runs, kept for a run that is about to start with that id. They apply only to the same
 * component and user, so that nobody cancels another user's run. Bounded in number and time. Thread-safe.
 */
final class PendingCancels {
    private static final long KEEP_NANOS = Duration.ofMinutes(10).toNanos();
    private static final int MAX_ENTRIES = 10_000;

    private record Key(
            ComponentKind kind,
            String componentId,
            @Nullable String userId,
            String runId) {}

    private record Entry(CancelRequest request, long at) {}

    private final LongSupplier clock;
    private final Map<Key, Entry> entries = new LinkedHashMap<>();

    PendingCancels(LongSupplier clock) {
        this.clock = clock;
    }

    synchronized void remember(
            ComponentKind kind, String componentId, @Nullable String userId, String runId, CancelRequest request) {
        evict();
        entries.putIfAbsent(new Key(kind, componentId, userId, runId), new Entry(request, clock.getAsLong()));
    }

    /** Removes and returns the cancel request for a run; null if there is none. */
    synchronized @Nullable CancelRequest take(
            ComponentKind kind, String componentId, @Nullable String userId, @Nullable String runId) {
        if (runId == null) {
            return null;
        }
        evict();
        var entry = entries.remove(new Key(kind, componentId, userId, runId));
        return entry == null ? null : entry.request;
    }

    private void evict() {
        var oldest = clock.getAsLong() - KEEP_NANOS;
        var all = entries.values().iterator();
        while (all.hasNext()) {
            if (all.next().at - oldest >= 0 && entries.size() < MAX_ENTRIES) {
                return;
            }
            all.remove();
        }
    }
}
