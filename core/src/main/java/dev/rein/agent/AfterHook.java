package dev.rein.agent;

import dev.rein.run.RunContext;

/** A hook that runs after the answer is complete and before the run ends, for example to check or forward the answer. */
@FunctionalInterface
public interface AfterHook {
    /**
     * Receives the answer.
     *
     * @param text the complete answer, which has been delivered already
     * @throws Exception to reject the answer: the run ends as ERROR with the message of the exception
     */
    void apply(String text, RunContext context) throws Exception;
}
