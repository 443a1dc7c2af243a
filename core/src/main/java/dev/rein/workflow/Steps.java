package dev.rein.workflow;

import dev.rein.internal.Ids;
import java.util.List;

/**
 * Steps that are executed in sequence, as one step. Immutable.
 *
 * @param id a UUID
 * @param name the name, unique in its workflow
 * @param parts the steps, at least one
 */
public record Steps(String id, String name, List<WorkflowStep> parts) implements WorkflowStep {
    public Steps {
        parts = StepValidation.requireSteps("Steps", name, parts);
    }

    public static Steps of(String name, WorkflowStep... steps) {
        return new Steps(Ids.ofRun(), name, List.of(steps));
    }
}
