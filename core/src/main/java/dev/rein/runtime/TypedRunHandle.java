package dev.rein.runtime;

import dev.rein.run.RunFailedException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/**
 * A handle of a run that returns a value.
 *
 * {@snippet :
 * var run = agent.start("Write a story.", Story.class);
 * Story story = run.awaitTyped().value();
 * }
 *
 * Thread-safe; remains usable after the run has ended.
 *
 * @param <T> the type of the value
 */
public interface TypedRunHandle<T> extends RunHandle {

    /**
     * Returns the output so far. Does not wait. Its {@link TypedOutput#value()} throws {@link RunFailedException} until the run has
     * completed.
     */
    TypedOutput<T> typedOutput();

    /** Waits like {@link #await()}. */
    TypedOutput<T> awaitTyped() throws InterruptedException;

    /**
     * Waits like {@link #await(Duration)}.
     *
     * @throws TimeoutException if the time has elapsed; the run continues
     */
    TypedOutput<T> awaitTyped(Duration timeout) throws InterruptedException, TimeoutException;
}
