package dev.rein.internal.pause;

import dev.rein.run.Requirement;
import dev.rein.session.StoredStep;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Determines why a paused run can't be resumed in another process. */
public final class ResumeBlocker {
    private final PausedRun root;

    /** The ids of the requirements that a resume in another process would not reach again. */
    private final Set<String> unreachable;

    private ResumeBlocker(PausedRun root) {
        this.root = root;
        this.unreachable =
                root.requirements().stream().map(Requirement::id).collect(Collectors.toCollection(HashSet::new));
    }

    /** The reason why a run can't be resumed in another process; null if it can. Called under the tree's lock. */
    public static @Nullable String of(PausedRun run) {
        return run.isRoot() ? new ResumeBlocker(run).find() : "it is part of run " + run.rootRunId();
    }

    private @Nullable String find() {
        var blocker = within(root);
        return blocker == null && !unreachable.isEmpty() ? "its own code has started a paused run" : blocker;
    }

    private @Nullable String within(PausedRun run) {
        for (var requirement : run.requirements()) {
            if (requirement.tool() != null && requirement.runId().equals(run.id())) {
                if (run.isDuringCall(requirement)) {
                    return "tool " + requirement.tool().toolName() + " asks in the middle of its call";
                }
                unreachable.remove(requirement.id());
            }
        }
        removeReachable(run.progress().stored());
        for (var runId : run.progress().pausedChildren()) {
            var blocker = inChild(runId);
            if (blocker != null) {
                return blocker;
            }
        }
        return null;
    }

    // Stores are compared by identity.
    @SuppressWarnings("ReferenceEquality")
    private @Nullable String inChild(String runId) {
        var child = root.find(runId);
        var store = root.store();
        if (child == null || store == null || child.store() != store) {
            return "its child run " + runId + " is not in the same store";
        }
        return within(child);
    }

    private void removeReachable(List<StoredStep> steps) {
        for (var step : steps) {
            if (step.requirementId() != null) {
                unreachable.remove(step.requirementId());
            }
            removeReachable(step.parts());
        }
    }
}
