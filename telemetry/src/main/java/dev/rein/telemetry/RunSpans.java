package dev.rein.telemetry;

import dev.rein.run.RunInfo;
import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The spans of the live runs, by the ids of the runs. A run is removed when its end is heard of. The runs whose end nobody hears of
 * (refused ones, and those whose notification was dropped) are removed once they are garbage and the map has grown. Thread-safe.
 */
final class RunSpans {
    private static final int FIRST_SWEEP = 1_000;

    private final Map<String, Live> live = new ConcurrentHashMap<>();
    private final AtomicInteger nextSweep = new AtomicInteger(FIRST_SWEEP);

    /** @param owner what lives as long as the run */
    private record Live(RunSpan span, WeakReference<Object> owner) {}

    void put(RunSpan span, Object owner) {
        var before = live.put(span.info().runId(), new Live(span, new WeakReference<>(owner)));
        if (before != null) {
            before.span.endAsLeft();
        }
        if (live.size() > nextSweep.get()) {
            sweep();
        }
    }

    /** Whether a run has a span already, because it is observed twice. */
    @SuppressWarnings("ReferenceEquality") // The same object, and not a resumed run of the same id.
    boolean contains(RunInfo run) {
        var known = live.get(run.runId());
        return known != null && known.span.info() == run;
    }

    @Nullable
    RunSpan get(String runId) {
        var known = live.get(runId);
        return known == null ? null : known.span;
    }

    /** Removes the span of a run, unless it is that of another run with the same id. */
    @SuppressWarnings("ReferenceEquality")
    @Nullable
    RunSpan remove(RunInfo run) {
        var known = live.get(run.runId());
        return known != null && known.span.info() == run && live.remove(run.runId(), known) ? known.span : null;
    }

    int size() {
        return live.size();
    }

    private void sweep() {
        live.values().removeIf(each -> {
            if (each.owner.get() != null) {
                return false;
            }
            each.span.endAsLeft();
            return true;
        });
        nextSweep.set(Math.max(FIRST_SWEEP, 2 * live.size()));
    }
}
