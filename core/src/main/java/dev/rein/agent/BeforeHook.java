package dev.rein.agent;

import dev.rein.run.RunContext;
import dev.rein.run.RunInput;

/** A hook that runs before the first model request, for example to check or change the input. */
@FunctionalInterface
public interface BeforeHook {
    /**
     * Receives the input.
     *
     * @return the input to continue with, usually the given one
     * @throws Exception to reject the input: the run ends as ERROR with the message of the exception
     */
    RunInput apply(RunInput input, RunContext context) throws Exception;
}
