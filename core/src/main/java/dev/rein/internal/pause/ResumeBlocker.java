package dev.rein.internal.pause;

import dev.rein.run.Requirement;
import dev.rein.session.StoredStep;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Why no other process can go on with a paused run, if there is a reason. */
public final class ResumeBlocker {
    private final PausedRun top;

    /** What is asked, and not by anything that another process would come to again. */
    private final Set<String> open;

    private ResumeBlocker(PausedRun top) {
        this.top = top;
        this.open = top.requirements().stream().map(Requirement::id).collect(Collectors.toCollection(HashSet::new));
    }

    /** Null when there is none. Called under the tree's lock. */
    public static @Nullable String of(PausedRun run) {
        return run.isRoot() ? new ResumeBlocker(run).of() : "it is part of run " + run.rootRunId();
    }

    private @Nullable String of() {
        var why = within(top);
        return why == null && !open.isEmpty() ? "code of its own has started a run that asks" : why;
    }

    private @Nullable String within(PausedRun run) {
        for (var requirement : run.requirements()) {
            if (requirement.tool() != null && requirement.runId().equals(run.id())) {
                open.remove(requirement.id());
            }
        }
        removeAsked(run.progress().stored());
        for (var runId : run.progress().waitsFor()) {
            var below = below(runId);
            if (below != null) {
                return below;
            }
        }
        return null;
    }

    // Two stores are never the same one.
    @SuppressWarnings("ReferenceEquality")
    private @Nullable String below(String runId) {
        var child = top.find(runId);
        var store = top.store();
        if (child == null || store == null || child.store() != store) {
            return "run " + runId + " below it is not in the same store";
        }
        return within(child);
    }

    private void removeAsked(List<StoredStep> steps) {
        for (var step : steps) {
            if (step.requirementId() != null) {
                open.remove(step.requirementId());
            }
            removeAsked(step.parts());
        }
    }
}
