package dev.rein.workflow;

import dev.rein.run.StepOutput;

/** What a step does, as code. Called on a virtual thread of the run; may block, and is interrupted by a stop. */
@FunctionalInterface
public interface StepFunction {
    /**
     * @return the result; null is refused
     * @throws Exception if the step fails; see {@link OnError}
     */
    StepOutput execute(StepInput input) throws Exception;
}
