package dev.rein.agent;

import dev.rein.run.RunContext;

/** Code that runs after an agent's answer is complete and before the run is: checks the answer, or passes it on. */
@FunctionalInterface
public interface AfterHook {
    /**
     * @param text the whole answer; it has been delivered and can't be changed
     * @throws Exception to refuse it: the run ends as ERROR with the message
     */
    void apply(String text, RunContext context) throws Exception;
}
