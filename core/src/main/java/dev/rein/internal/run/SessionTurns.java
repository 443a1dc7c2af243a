package dev.rein.internal.run;

import dev.rein.run.RunRejectedException;
import dev.rein.run.RunRejectedException.Reason;
import dev.rein.session.SessionPolicy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which live runs share a session, for the policies that care. Thread-safe. */
final class SessionTurns {
    private final Map<String, Set<Run>> live = new HashMap<>();

    /**
     * Takes a run in.
     *
     * @throws RunRejectedException if its policy is to be alone, and it is not
     */
    synchronized void join(Run run) {
        var sessionId = run.sessionId();
        if (sessionId == null || !run.isRoot()) {
            return;
        }
        var runs = live.computeIfAbsent(sessionId, _ -> new LinkedHashSet<>());
        if (policy(run) == SessionPolicy.REJECT && !runs.isEmpty()) {
            throw new RunRejectedException(
                    Reason.SESSION_BUSY,
                    "session " + sessionId + " runs already (run "
                            + runs.iterator().next().id()
                            + "): wait for it, cancel it, or choose another SessionPolicy");
        }
        runs.add(run);
    }

    synchronized void leave(Run run) {
        var sessionId = run.sessionId();
        var runs = sessionId == null ? null : live.get(sessionId);
        if (runs != null && runs.remove(run) && runs.isEmpty()) {
            live.remove(sessionId);
        }
    }

    /** Waits until the runs that came before have ended, if the policy says so. */
    void awaitTurn(Run run) {
        if (policy(run) != SessionPolicy.QUEUE) {
            return;
        }
        for (var earlier : before(run)) {
            earlier.onEnded(run.scope()::signal);
            run.scope().awaitUntil(earlier::isEnded, Long.MAX_VALUE, true);
        }
    }

    private synchronized List<Run> before(Run run) {
        var before = new ArrayList<Run>();
        for (var each : live.getOrDefault(String.valueOf(run.sessionId()), Set.of())) {
            if (each == run) {
                break;
            }
            before.add(each);
        }
        return before;
    }

    private static SessionPolicy policy(Run run) {
        var storing = run.storing();
        return storing == null || !run.isRoot() ? SessionPolicy.ALLOW : storing.policy();
    }
}
