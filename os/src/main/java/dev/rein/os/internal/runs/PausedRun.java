package dev.rein.os.internal.runs;

import dev.rein.os.internal.route.Caller;
import dev.rein.os.internal.route.Problem;
import dev.rein.run.ComponentKind;
import dev.rein.run.Requirement;
import dev.rein.run.RunStatus;
import dev.rein.runtime.Component;
import dev.rein.runtime.RunHandle;
import dev.rein.session.StoredRun;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/**
 * A paused run.
 *
 * @param open the requirements without a decision
 * @param lastIndex the index of its last event
 */
public record PausedRun(List<Requirement> open, long lastIndex) {
    /** How many requirements need a decision: those that have expired do not. */
    long undecided() {
        var now = Instant.now();
        return open.stream().filter(each -> !each.hasExpired(now)).count();
    }

    /**
     * Finds a paused run of this process or of the store.
     *
     * @param notFound the error message if there is no run of this id
     * @throws Problem 404 if there is no such run, 409 if it is not paused
     */
    public static PausedRun find(
            RunService runs, StoreAccess stored, Component component, String runId, Caller caller, String notFound) {
        var here = stored.live(runs, component, runId, caller);
        if (here.isPresent() && !here.get().status().isTerminal()) {
            return new PausedRun(here.get().output().requirements(), ResumedStream.nextIndex(here.get()) - 1);
        }
        var row = stored.run(component, runId, caller);
        var pause = row.map(StoredRun::pause).orElse(null);
        if (pause != null && row.get().status() == RunStatus.PAUSED) {
            return new PausedRun(pause.requirements(), pause.nextIndex() - 1);
        }
        var status = here.map(RunHandle::status).or(() -> row.map(StoredRun::status));
        if (status.isPresent()) {
            var isFollowed = component.kind() != ComponentKind.WORKFLOW;
            throw Problem.conflict("run is already " + status.get().name().toLowerCase(Locale.ROOT)
                    + (isFollowed ? ": give input to follow it up" : ""));
        }
        throw Problem.notFound(notFound);
    }
}
