package dev.rein.agent;

import dev.rein.run.RunContext;
import dev.rein.run.RunInput;

/** Code that runs before an agent's first model call: checks or changes the input. */
@FunctionalInterface
public interface BeforeHook {
    /**
     * @return the input to go on with, as a rule the one given
     * @throws Exception to refuse it: the run ends as ERROR with the message
     */
    RunInput apply(RunInput input, RunContext context) throws Exception;
}
