package dev.rein.internal.run;

import dev.rein.internal.delivery.Progress;
import dev.rein.internal.pause.PausedRun;
import dev.rein.internal.pause.ResumeBlocker;
import dev.rein.run.Requirement;
import dev.rein.session.SessionStore;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A run as {@link ResumeBlocker} looks at it.
 *
 * @param run the run
 */
record RunBlocker(Run run) implements PausedRun {
    /** Why no other process could resume a run; null when there is nothing in the way. */
    static @Nullable String of(Run run) {
        return run.scope().<@Nullable String>locked(() -> ResumeBlocker.of(new RunBlocker(run)));
    }

    @Override
    public String id() {
        return run.id();
    }

    @Override
    public String rootRunId() {
        return run.origin().rootRunId();
    }

    @Override
    public boolean isRoot() {
        return run.isRoot();
    }

    @Override
    public List<Requirement> requirements() {
        return run.pausing().requirements();
    }

    @Override
    public boolean isDuringCall(Requirement requirement) {
        return run.pausing().pauses().isDuringCall(requirement);
    }

    @Override
    public Progress progress() {
        return run.childRuns().progress();
    }

    @Override
    public @Nullable SessionStore store() {
        var storing = run.storing();
        return storing == null ? null : storing.store();
    }

    @Override
    public @Nullable PausedRun find(String runId) {
        var found = run.kernel().live(runId);
        return found == null ? null : new RunBlocker(found);
    }
}
