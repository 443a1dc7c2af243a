package dev.rein.run.event;

import dev.rein.run.ToolExecution;

/**
 * A tool call starts.
 *
 * @param meta origin, index and time of the event
 * @param tool the call, without a result
 */
public record ToolCallStarted(EventMeta meta, ToolExecution tool) implements ToolEvent {}
