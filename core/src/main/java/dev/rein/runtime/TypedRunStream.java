package dev.rein.runtime;

import dev.rein.run.RunFailedException;

/**
 * The stream of a run that returns a value. Its events have the answer as the model writes it, which is JSON.
 *
 * {@snippet :
 * try (var events = agent.stream("Write a story.", Story.class)) {
 *     for (var event : events) {
 *         System.out.println(event);
 *     }
 *     Story story = events.typedOutput().value();
 * }
 * }
 *
 * To be iterated by one thread; all other methods are thread-safe.
 *
 * @param <T> the type of the value
 */
public interface TypedRunStream<T> extends RunStream {

    /**
     * Returns the output so far, final once the last event was read. Does not wait. Its {@link TypedOutput#value()} throws {@link
     * RunFailedException} until the run has completed.
     */
    TypedOutput<T> typedOutput();
}
