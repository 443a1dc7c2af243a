package dev.rein.internal.storing;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Paused runs that a process which ends releases to others. */
public final class PausedRelease {
    private static final Logger log = LoggerFactory.getLogger(PausedRelease.class);

    /** @param released the ids of those that the store has released */
    record OfStore(List<RecordedRun> runs, Future<List<String>> released) {}

    private final List<OfStore> stores;

    PausedRelease(List<OfStore> stores) {
        this.stores = stores;
    }

    /** Whether a run is to be released. */
    public boolean contains(String runId) {
        return stores.stream()
                .flatMap(each -> each.runs().stream())
                .anyMatch(run -> run.id().equals(runId));
    }

    /**
     * Waits until the stores have released the runs. Where one does not answer, its runs stay paused in it: others get them when
     * the lease of this process has expired.
     */
    public void await(Duration atMost) {
        var end = System.nanoTime() + atMost.toNanos();
        for (var each : stores) {
            var left = Duration.ofNanos(Math.max(0, end - System.nanoTime()));
            try {
                var released = StoreCalls.await(each.released(), left);
                each.runs().stream().filter(run -> released.contains(run.id())).forEach(PausedRelease::giveAway);
            } catch (IllegalStateException e) {
                log.warn(
                        "{} paused runs could not be released to other processes",
                        each.runs().size(),
                        e);
                each.runs().forEach(PausedRelease::giveAway);
            }
        }
    }

    private static void giveAway(RecordedRun run) {
        var record = run.record();
        if (record != null) {
            record.givenAway();
        }
    }
}
