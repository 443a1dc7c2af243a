package dev.rein.workflow;

import dev.rein.run.Requirement;
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

    /**
     * Checks that what is set for the questions of a step fits what it asks.
     *
     * @param kind the workflow, for the message
     * @throws IllegalStateException if it does not
     */
    static void requireFittingQuestions(String kind, WorkflowStep step) {
        var human = step.humanReview();
        var start = kind + ": step \"" + step.name() + "\" ";
        var chosen = step instanceof Router router && router.selector() instanceof Router.Selector.ByPeople;
        var asks = human.before() != null || human.output() != null || chosen;
        if (human.onReject() != null && !asks) {
            throw new IllegalStateException(start + "has onReject(" + human.onReject()
                    + "), but asks nothing: call confirm(..) or review(..) too");
        }
        if (human.onReject() == OnReject.RETRY && human.output() == null) {
            throw new IllegalStateException(
                    start + "has onReject(RETRY), but no review(..): only an output can be made again");
        }
        if (human.onReject() == OnReject.ELSE_BRANCH && !(step instanceof Condition && human.before() != null)) {
            throw new IllegalStateException(
                    start
                            + "has onReject(ELSE_BRANCH): that is for a Condition with confirm(..); give SKIP, RETRY or CANCEL");
        }
        if (human.timeout() != null && !asks) {
            throw new IllegalStateException(start + "has reviewTimeout(" + human.timeout()
                    + ", ..), but asks nothing: call confirm(..) or review(..) too");
        }
        var asksValues = human.before() != null && human.before().kind() == Requirement.Kind.USER_INPUT;
        if (human.timeout() != null && human.onTimeout() == OnTimeout.APPROVE && (asksValues || chosen)) {
            throw new IllegalStateException(start + "asks for " + (chosen ? "a choice" : "values")
                    + ", which APPROVE does not give when the time is over: give SKIP or CANCEL");
        }
    }
}
