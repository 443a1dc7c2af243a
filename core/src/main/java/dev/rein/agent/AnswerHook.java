package dev.rein.agent;

import dev.rein.run.RunContext;

/** A hook that runs after the answer is complete and returns the text that is the answer of the run, see {@link ModelComponentBuilder#rewrite}. */
@FunctionalInterface
public interface AnswerHook {
    /**
     * Returns the answer of the run.
     *
     * @param text the complete answer, or what the hook before has returned
     * @return the text in its place, or {@code text}; not null
     * @throws Exception to reject the answer: the run ends as ERROR with the message of the exception
     */
    String apply(String text, RunContext context) throws Exception;
}
