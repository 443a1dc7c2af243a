package dev.rein.workflow;

import dev.rein.run.StepOutput;

/** A function that executes a step. Called on a virtual thread of the run; may block, and is interrupted by a stop. */
@FunctionalInterface
public interface StepFunction {
    /**
     * Executes the step.
     *
     * @return the result, not null
     * @throws Exception if the step fails; see {@link OnError}
     */
    StepOutput execute(StepInput input) throws Exception;
}
