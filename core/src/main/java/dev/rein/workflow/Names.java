package dev.rein.workflow;

import java.util.List;
import java.util.Objects;

/** What is asked of the parts of a workflow. */
final class Names {
    private Names() {}

    static void require(String kind, String name) {
        if (Objects.requireNonNull(name, () -> kind + " name is null: give one, it is what its result is found by")
                .isBlank()) {
            throw new IllegalArgumentException(kind + " name is blank: give one, it is what its result is found by");
        }
    }

    static List<WorkflowStep> requireSteps(String kind, String name, List<WorkflowStep> steps) {
        require(kind, name);
        if (steps.isEmpty()) {
            throw new IllegalArgumentException(kind + " \"" + name + "\" has no steps: give at least one");
        }
        return List.copyOf(steps);
    }
}
