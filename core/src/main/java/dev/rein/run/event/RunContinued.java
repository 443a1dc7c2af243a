package dev.rein.run.event;

/**
 * A paused agent or team has resumed: its requirements were decided.
 *
 * @param meta origin, index and time of the event
 */
public record RunContinued(EventMeta meta) implements RunEvent {}
