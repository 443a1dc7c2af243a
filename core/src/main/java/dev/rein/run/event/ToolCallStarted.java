package dev.rein.run.event;

import dev.rein.run.ToolExecution;

/**
 * A tool is called.
 *
 * @param meta where and when
 * @param tool the call, without result yet
 */
public record ToolCallStarted(EventMeta meta, ToolExecution tool) implements ToolEvent {}
