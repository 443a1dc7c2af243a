package dev.rein.run.event;

/**
 * A workflow begins.
 *
 * @param meta where and when
 */
public record WorkflowStarted(EventMeta meta) implements RunEvent {}
