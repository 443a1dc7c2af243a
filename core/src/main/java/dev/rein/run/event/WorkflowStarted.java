package dev.rein.run.event;

/**
 * A workflow starts.
 *
 * @param meta origin, index and time of the event
 */
public record WorkflowStarted(EventMeta meta) implements RunEvent {}
