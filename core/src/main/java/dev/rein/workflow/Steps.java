package dev.rein.workflow;

import dev.rein.internal.Ids;
import java.util.List;

/**
 * Steps that are executed in sequence, as one step. Immutable.
 *
 * @param id a UUID
 * @param name the name, unique in its workflow
 * @param parts the steps, at least one
 * @param humanReview what the step asks people
 */
public record Steps(String id, String name, List<WorkflowStep> parts, HumanReview humanReview)
        implements WorkflowStep, HumanReviewed<Steps> {
    public Steps {
        parts = StepValidation.requireSteps("Steps", name, parts);
    }

    public static Steps of(String name, WorkflowStep... steps) {
        return new Steps(Ids.ofRun(), name, List.of(steps), HumanReview.none());
    }

    @Override
    public Steps humanReview(HumanReview value) {
        return new Steps(Ids.ofRun(), name, parts, value);
    }
}
