package dev.rein.run.event;

/**
 * The answer is complete. Hooks and storing may follow before the run ends.
 *
 * @param meta origin, index and time of the event
 */
public record RunContentCompleted(EventMeta meta) implements RunEvent {}
