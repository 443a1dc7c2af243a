package dev.rein.workflow;

import dev.rein.internal.Ids;
import java.util.List;

/**
 * Branches that are executed concurrently. Each branch has a copy of the session state; when all have ended, their
 * changes are merged in the order of the branches, and keys that two branches set to different values are reported as
 * conflicts. A branch that fails cancels the others, unless its step is skipped on errors. A branch that is paused lets
 * the others finish. Immutable.
 *
 * @param id a UUID
 * @param name the name, unique in its workflow
 * @param parts the branches, at least one
 * @param humanReview what the step asks people
 */
public record Parallel(String id, String name, List<WorkflowStep> parts, HumanReview humanReview)
        implements WorkflowStep, HumanReviewed<Parallel> {
    public Parallel {
        parts = StepValidation.requireSteps("Parallel", name, parts);
    }

    public static Parallel of(String name, WorkflowStep... branches) {
        return new Parallel(Ids.ofRun(), name, List.of(branches), HumanReview.none());
    }

    @Override
    public Parallel humanReview(HumanReview value) {
        return new Parallel(Ids.ofRun(), name, parts, value);
    }
}
