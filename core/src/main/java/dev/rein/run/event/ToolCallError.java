package dev.rein.run.event;

import dev.rein.run.ToolExecution;

/**
 * A tool has failed; the model is told. Follows the call's ToolCallCompleted.
 *
 * @param meta where and when
 * @param tool the call with what the model is told
 * @param error what went wrong
 */
public record ToolCallError(EventMeta meta, ToolExecution tool, String error) implements ToolEvent {}
