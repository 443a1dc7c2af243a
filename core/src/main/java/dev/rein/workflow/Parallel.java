package dev.rein.workflow;

import dev.rein.internal.Ids;
import java.util.List;

/**
 * Steps that go on at the same time. Each branch has a copy of the session state; when all have ended, their changes are
 * merged in the order in which the branches were given, and keys that two have set to different values are reported. A
 * branch that fails stops the others, unless its step is to be skipped. One that waits for people lets the others finish.
 *
 * @param id a UUID
 * @param name unique in its workflow
 * @param parts the branches, at least one
 */
public record Parallel(String id, String name, List<WorkflowStep> parts) implements WorkflowStep {
    public Parallel {
        parts = StepValidation.requireSteps("Parallel", name, parts);
    }

    public static Parallel of(String name, WorkflowStep... branches) {
        return new Parallel(Ids.ofRun(), name, List.of(branches));
    }
}
