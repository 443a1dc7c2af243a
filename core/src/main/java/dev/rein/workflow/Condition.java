package dev.rein.workflow;

import dev.rein.internal.Ids;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Steps that are executed if a condition holds, and others if it does not. Immutable; each method returns a changed copy.
 *
 * @param id a UUID
 * @param name the name, unique in its workflow
 * @param test the condition
 * @param then the steps if the condition holds, at least one
 * @param otherwise the steps if it does not; may be empty
 * @param humanReview what the step asks people
 */
public record Condition(
        String id,
        String name,
        Test test,
        List<WorkflowStep> then,
        List<WorkflowStep> otherwise,
        HumanReview humanReview)
        implements WorkflowStep, HumanReviewed<Condition> {

    /** The test of a condition. */
    @FunctionalInterface
    public interface Test {
        /** Whether the condition holds. */
        boolean holds(StepInput input) throws Exception;
    }

    public Condition {
        then = StepValidation.requireSteps("Condition", name, then);
        Objects.requireNonNull(test, () -> "test of Condition \"" + name + "\" is null");
        otherwise = List.copyOf(otherwise);
    }

    public static Condition of(String name, Test test, WorkflowStep... then) {
        return new Condition(Ids.ofRun(), name, test, List.of(then), List.of(), HumanReview.none());
    }

    public Condition otherwise(WorkflowStep... steps) {
        return new Condition(Ids.ofRun(), name, test, then, List.of(steps), humanReview);
    }

    @Override
    public List<WorkflowStep> parts() {
        return Stream.concat(then.stream(), otherwise.stream()).toList();
    }

    @Override
    public Condition humanReview(HumanReview value) {
        return new Condition(Ids.ofRun(), name, test, then, otherwise, value);
    }
}
