package dev.rein.internal.stop;

import dev.rein.cancel.CancelRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * Requests to cancel runs that are unknown, kept for a bounded time and in a bounded number because a run with the id may be
 * about to start. Each is for the runs that its selector selects: several callers who must not cancel each other's runs may
 * have requests for one id. Thread-safe.
 *
 * @param <S> the type of the selectors, whose {@code equals} is not user code
 */
public final class PendingCancels<S> {
    public static final int MAX_REQUESTS = 10_000;
    public static final Duration RETENTION = Duration.ofMinutes(10);

    private record Key<S>(String runId, S selector) {}

    private record Entry(CancelRequest request, long atNanos) {}

    private final LongSupplier nanoTime;

    /** Oldest first. */
    private final Map<Key<S>, Entry> entries = new LinkedHashMap<>();

    private final Map<String, Set<Key<S>>> byRunId = new HashMap<>();

    /** @param nanoTime as {@link System#nanoTime} */
    public PendingCancels(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Keeps a request for a run with the given id that is selected. The first one for a run id and selector is kept. */
    public synchronized void add(String runId, S selector, CancelRequest request) {
        removeExpired();
        var key = new Key<>(runId, selector);
        if (entries.putIfAbsent(key, new Entry(request, nanoTime.getAsLong())) == null) {
            byRunId.computeIfAbsent(runId, _ -> new LinkedHashSet<>(2)).add(key);
        }
        if (entries.size() > MAX_REQUESTS) {
            remove(entries.keySet().iterator().next());
        }
    }

    /**
     * Removes and returns the requests for a run, oldest first: the caller has the run and applies them.
     *
     * @param selects whether a selector selects the run; called under the lock of this object
     */
    public synchronized List<CancelRequest> take(String runId, Predicate<S> selects) {
        if (entries.isEmpty()) {
            return List.of();
        }
        removeExpired();
        var requests = new ArrayList<CancelRequest>(0);
        for (var key : List.copyOf(byRunId.getOrDefault(runId, Set.of()))) {
            if (selects.test(key.selector())) {
                requests.add(remove(key).request());
            }
        }
        return requests;
    }

    private void removeExpired() {
        var now = nanoTime.getAsLong();
        while (!entries.isEmpty()) {
            var oldest = entries.entrySet().iterator().next();
            if (now - oldest.getValue().atNanos() <= RETENTION.toNanos()) {
                return;
            }
            remove(oldest.getKey());
        }
    }

    private Entry remove(Key<S> key) {
        var removed = Objects.requireNonNull(entries.remove(key));
        byRunId.computeIfPresent(key.runId(), (_, keys) -> {
            keys.remove(key);
            return keys.isEmpty() ? null : keys;
        });
        return removed;
    }
}
