package dev.rein.workflow;

import dev.rein.internal.Ids;
import dev.rein.run.StepOutput;
import java.util.List;
import java.util.Objects;

/**
 * Steps that are repeated until a condition holds or a maximum is reached. Immutable; each method returns a changed copy.
 *
 * @param id a UUID
 * @param name the name, unique in its workflow
 * @param parts the steps, at least one
 * @param maxIterations the maximum number of iterations, 1 to 1,000
 * @param until the condition, tested after each iteration
 * @param forwardOutput whether the input of an iteration is the result of the previous one, instead of the input of the loop
 * @param humanReview what the step asks people
 */
public record Loop(
        String id,
        String name,
        List<WorkflowStep> parts,
        int maxIterations,
        Until until,
        boolean forwardOutput,
        HumanReview humanReview)
        implements WorkflowStep, HumanReviewed<Loop> {
    private static final int MAX_ITERATIONS = 1_000;

    /** The end condition of a loop. */
    @FunctionalInterface
    public interface Until {
        /**
         * Whether the loop ends after an iteration.
         *
         * @param results the results of the steps of the iteration
         */
        boolean isDone(List<StepOutput> results) throws Exception;
    }

    public Loop {
        parts = StepValidation.requireSteps("Loop", name, parts);
        Objects.requireNonNull(until, () -> "until of Loop \"" + name + "\" is null");
        if (maxIterations < 1 || maxIterations > MAX_ITERATIONS) {
            throw new IllegalArgumentException(
                    "maxIterations of Loop \"" + name + "\" is " + maxIterations + ": give 1 to " + MAX_ITERATIONS);
        }
    }

    /** Returns a loop of at most three iterations without an end condition. */
    public static Loop of(String name, WorkflowStep... steps) {
        return new Loop(Ids.ofRun(), name, List.of(steps), 3, _ -> false, false, HumanReview.none());
    }

    public Loop maxIterations(int value) {
        return new Loop(Ids.ofRun(), name, parts, value, until, forwardOutput, humanReview);
    }

    public Loop until(Until value) {
        return new Loop(Ids.ofRun(), name, parts, maxIterations, value, forwardOutput, humanReview);
    }

    public Loop forwardOutput(boolean value) {
        return new Loop(Ids.ofRun(), name, parts, maxIterations, until, value, humanReview);
    }

    @Override
    public Loop humanReview(HumanReview value) {
        return new Loop(Ids.ofRun(), name, parts, maxIterations, until, forwardOutput, value);
    }
}
