package dev.rein.workflow;

import dev.rein.internal.Ids;
import dev.rein.run.StepOutput;
import java.util.List;
import java.util.Objects;

/**
 * Steps that are repeated until a condition holds, or often enough. Immutable; each method returns a changed copy.
 *
 * @param id a UUID
 * @param name unique in its workflow
 * @param parts the steps, at least one
 * @param maxIterations how often at most, 1 to 1,000
 * @param until asked after each iteration whether it was the last
 * @param forwardOutput whether an iteration begins with the result of the one before, instead of what the loop was given
 */
public record Loop(
        String id, String name, List<WorkflowStep> parts, int maxIterations, Until until, boolean forwardOutput)
        implements WorkflowStep {
    private static final int MOST = 1_000;

    /** When a loop ends. */
    @FunctionalInterface
    public interface Until {
        /** @param results the results of the iteration's steps */
        boolean isDone(List<StepOutput> results) throws Exception;
    }

    public Loop {
        parts = StepValidation.requireSteps("Loop", name, parts);
        Objects.requireNonNull(until, () -> "until of Loop \"" + name + "\" is null");
        if (maxIterations < 1 || maxIterations > MOST) {
            throw new IllegalArgumentException(
                    "Loop \"" + name + "\" has " + maxIterations + " iterations at most: give 1 to " + MOST);
        }
    }

    /** At most three times. */
    public static Loop of(String name, WorkflowStep... steps) {
        return new Loop(Ids.ofRun(), name, List.of(steps), 3, _ -> false, false);
    }

    public Loop maxIterations(int value) {
        return new Loop(Ids.ofRun(), name, parts, value, until, forwardOutput);
    }

    public Loop until(Until value) {
        return new Loop(Ids.ofRun(), name, parts, maxIterations, value, forwardOutput);
    }

    public Loop forwardOutput(boolean value) {
        return new Loop(Ids.ofRun(), name, parts, maxIterations, until, value);
    }
}
