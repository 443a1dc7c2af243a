package dev.rein.internal.run;

import dev.rein.cancel.CancelRequest;
import dev.rein.run.RunStatus;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The live runs by id, the ids that ended a while ago, and the stops of ids that are not there yet. Both memories are
 * bounded. Thread-safe.
 */
final class RunRegistry {
    static final int MOST_REMEMBERED = 10_000;
    static final Duration REMEMBERED_FOR = Duration.ofMinutes(10);

    private record Remembered(CancelRequest request, long atNanos) {}

    private final Map<String, Run> live = new ConcurrentHashMap<>();
    private final Map<String, RunStatus> ended = bounded();
    private final Map<String, Remembered> remembered = bounded();

    private final LongSupplier nanoTime;

    /** @param nanoTime as {@link System#nanoTime} */
    RunRegistry(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    private static <V> Map<String, V> bounded() {
        return new LinkedHashMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
                return size() > MOST_REMEMBERED;
            }
        };
    }

    /** @return false if a run of this id is live */
    boolean add(Run run) {
        return live.putIfAbsent(run.id(), run) == null;
    }

    /** Takes a run out; its status is known for a while. */
    void remove(Run run) {
        var status = run.scope().status();
        synchronized (ended) {
            // Out first, so that it is the youngest entry also when the id was used before.
            ended.remove(run.id());
            ended.put(run.id(), status);
        }
        live.remove(run.id(), run);
    }

    /** Takes a run out as if it had never been. */
    void withdraw(Run run) {
        live.remove(run.id(), run);
    }

    @Nullable
    Run find(String runId) {
        return live.get(runId);
    }

    @Nullable
    RunStatus endedStatus(String runId) {
        synchronized (ended) {
            return ended.get(runId);
        }
    }

    Collection<Run> all() {
        return live.values();
    }

    int size() {
        return live.size();
    }

    /** Keeps a stop for an id that may be about to start. The first one stays. */
    void remember(String runId, CancelRequest request) {
        var now = nanoTime.getAsLong();
        synchronized (remembered) {
            var first = remembered.values().iterator();
            while (first.hasNext() && now - first.next().atNanos() > REMEMBERED_FOR.toNanos()) {
                first.remove();
            }
            remembered.putIfAbsent(runId, new Remembered(request, now));
        }
    }

    /** Takes a kept stop; whoever gets it applies it. */
    @Nullable
    CancelRequest takeRemembered(String runId) {
        synchronized (remembered) {
            var kept = remembered.remove(runId);
            return kept == null || nanoTime.getAsLong() - kept.atNanos() > REMEMBERED_FOR.toNanos()
                    ? null
                    : kept.request();
        }
    }
}
