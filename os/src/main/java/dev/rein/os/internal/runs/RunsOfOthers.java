package dev.rein.os.internal.runs;

import dev.rein.cancel.CancelRequest;
import dev.rein.os.internal.route.Caller;
import dev.rein.os.internal.route.LogText;
import dev.rein.run.CancelResult;
import dev.rein.run.RunStatus;
import dev.rein.runtime.RunSelector;
import dev.rein.runtime.Runs;
import dev.rein.session.StoredRun;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The live runs of other processes that share the store, as far as a caller may see them. Thread-safe. */
final class RunsOfOthers {
    /** The maximum number of runs in a list. */
    static final int MOST_LISTED = 1_000;

    private static final long SHORTEST_MILLIS = 5;
    private static final long LONGEST_MILLIS = 100;

    private static final Logger log = LoggerFactory.getLogger(RunsOfOthers.class);

    private final Runs runs;

    RunsOfOthers(Runs runs) {
        this.runs = runs;
    }

    /** @return null if the caller may see none */
    private static @Nullable RunSelector selector(Caller caller, @Nullable String session, @Nullable String user) {
        if (!caller.isolated()) {
            return RunSelector.all().session(session).user(user);
        }
        var own = caller.userId();
        return own == null || (user != null && !user.equals(own))
                ? null
                : RunSelector.all().session(session).user(own);
    }

    /** The live runs of a session, of a user or all, oldest first, those that are part of others included. */
    List<StoredRun> live(Caller caller, @Nullable String session, @Nullable String user) {
        var selector = selector(caller, session, user);
        if (selector == null) {
            return List.of();
        }
        try {
            return runs.liveElsewhere(selector, true, MOST_LISTED).stream()
                    .filter(run -> runs.find(run.runId()).isEmpty())
                    .toList();
        } catch (IllegalStateException e) {
            // The runs of this process are listed even so.
            log.warn("the runs of other processes can't be listed", LogText.lines(e));
            return List.of();
        }
    }

    /** Cancels the runs of a session, of a user or all. */
    List<CancelResult> cancel(Caller caller, @Nullable String session, @Nullable String user, CancelRequest request) {
        var selector = selector(caller, session, user);
        return selector == null ? List.of() : runs.cancelElsewhere(selector, request);
    }

    /**
     * Waits until cancelled runs have ended.
     *
     * @param deadline by {@link System#nanoTime}
     * @return the status of each run, as far as it is known
     */
    Map<String, RunStatus> await(List<CancelResult> cancelled, long deadline) throws InterruptedException {
        var statuses = new HashMap<String, RunStatus>();
        var live = new ArrayList<String>();
        for (var result : cancelled) {
            if (result.status() == null || !result.status().isTerminal()) {
                live.add(result.runId());
            }
        }
        for (var millis = SHORTEST_MILLIS; !live.isEmpty(); millis = Math.min(2 * millis, LONGEST_MILLIS)) {
            var now = statuses(live);
            statuses.putAll(now);
            live.removeIf(id -> !now.containsKey(id) || now.get(id).isTerminal());
            var left = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
            if (live.isEmpty() || left <= 0) {
                break;
            }
            Thread.sleep(Math.min(millis, left));
        }
        return statuses;
    }

    private Map<String, RunStatus> statuses(List<String> runIds) {
        try {
            return runs.storedStatuses(runIds);
        } catch (IllegalStateException e) {
            log.warn("the status of runs of other processes is not known", LogText.lines(e));
            return Map.of();
        }
    }
}
