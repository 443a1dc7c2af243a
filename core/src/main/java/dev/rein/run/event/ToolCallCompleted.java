package dev.rein.run.event;

import dev.rein.run.ToolExecution;

/**
 * A tool has returned.
 *
 * @param meta where and when
 * @param tool the call with its result
 */
public record ToolCallCompleted(EventMeta meta, ToolExecution tool) implements ToolEvent {}
