package dev.rein.run.event;

import dev.rein.run.ToolExecution;

/**
 * A tool call has failed; the model receives the error. Follows the {@link ToolCallCompleted} of the call.
 *
 * @param meta origin, index and time of the event
 * @param tool the call with the error that the model receives
 * @param error the error message
 */
public record ToolCallError(EventMeta meta, ToolExecution tool, String error) implements ToolEvent {}
