package dev.rein.internal.run;

import dev.rein.cancel.CancelRequest;
import dev.rein.internal.stop.PendingCancels;
import dev.rein.run.ComponentKind;
import dev.rein.run.RunStatus;
import dev.rein.runtime.RunSelector;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The live runs by id, the statuses of runs that ended a while ago, and the requests to cancel runs that are not there yet. Both
 * memories are bounded. Thread-safe.
 */
final class RunRegistry {
    static final int MAX_ENDED = 10_000;

    /** What remains known of an ended run. */
    private record Ended(
            RunStatus status,
            ComponentKind kind,
            String componentId,
            @Nullable String sessionId,
            @Nullable String userId) {
        static Ended of(Run run) {
            var origin = run.origin();
            return new Ended(
                    run.scope().status(), origin.source(), origin.componentId(), run.sessionId(), run.userId());
        }
    }

    private final Map<String, Run> live = new ConcurrentHashMap<>();

    /** Guarded by itself. */
    private final Map<String, Ended> ended = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Ended> eldest) {
            return size() > MAX_ENDED;
        }
    };

    private final PendingCancels<RunSelector> pendingCancels = new PendingCancels<>(System::nanoTime);

    /** @return false if a run of this id is live */
    boolean add(Run run) {
        return live.putIfAbsent(run.id(), run) == null;
    }

    /** Takes a run out; its status is known for a while. */
    void remove(Run run) {
        var last = Ended.of(run);
        synchronized (ended) {
            // Out first, so that it is the youngest entry also when the id was used before.
            ended.remove(run.id());
            ended.put(run.id(), last);
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
        return endedStatus(runId, RunSelector.all());
    }

    /** The status of a run that has ended, if it is selected; null if none is known. */
    @Nullable
    RunStatus endedStatus(String runId, RunSelector selector) {
        synchronized (ended) {
            var run = ended.get(runId);
            return run != null && selector.selects(run.kind(), run.componentId(), run.sessionId(), run.userId())
                    ? run.status()
                    : null;
        }
    }

    Collection<Run> all() {
        return live.values();
    }

    int size() {
        return live.size();
    }

    /** Keeps a request to cancel for a run that may be about to start. */
    void remember(String runId, RunSelector selector, CancelRequest request) {
        pendingCancels.add(runId, selector, request);
    }

    /** Removes and returns the requests that were kept for a run, oldest first. The caller applies them. */
    List<CancelRequest> takeRemembered(Run run) {
        return pendingCancels.take(run.id(), run.identity()::isSelectedBy);
    }

    /** Removes a request that was kept: the run has been found elsewhere. */
    void forget(String runId, RunSelector selector) {
        pendingCancels.take(runId, selector::equals);
    }
}
