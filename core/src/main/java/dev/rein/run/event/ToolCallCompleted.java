package dev.rein.run.event;

import dev.rein.run.ToolExecution;

/**
 * A tool call has ended, with a result or an error.
 *
 * @param meta origin, index and time of the event
 * @param tool the call with its result or error
 */
public record ToolCallCompleted(EventMeta meta, ToolExecution tool) implements ToolEvent {}
