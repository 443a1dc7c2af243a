package dev.rein.agent;

import dev.rein.run.RunContext;

/**
 * A function of an agent or a team that is called once in each run, before the first model request. Called on a virtual thread of
 * the run; may block, and is interrupted by a stop. Must be thread-safe, because runs are concurrent.
 *
 * @param <T> the type of the result
 */
@FunctionalInterface
public interface PerRun<T> {
    /**
     * Returns the value for a run.
     *
     * @return not null
     * @throws Exception to fail the run: it ends as ERROR with the message of the exception
     */
    T get(RunContext context) throws Exception;
}
