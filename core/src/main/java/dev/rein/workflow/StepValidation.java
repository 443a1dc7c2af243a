package dev.rein.workflow;

import java.util.List;
import java.util.Objects;

/** Checks of the names and parts of workflow steps. */
final class StepValidation {
    private StepValidation() {}

    static void requireName(String kind, String name) {
        if (Objects.requireNonNull(name, () -> kind + " name is null: give one, because results are found by name")
                .isBlank()) {
            throw new IllegalArgumentException(kind + " name is blank: give one, because results are found by name");
        }
    }

    static List<WorkflowStep> requireSteps(String kind, String name, List<WorkflowStep> steps) {
        requireName(kind, name);
        if (steps.isEmpty()) {
            throw new IllegalArgumentException(kind + " \"" + name + "\" has no steps: give at least one");
        }
        return List.copyOf(steps);
    }
}
