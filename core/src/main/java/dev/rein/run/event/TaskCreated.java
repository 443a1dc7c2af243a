package dev.rein.run.event;

import dev.rein.run.TeamTask;

/**
 * A team has a new task.
 *
 * @param meta where and when
 * @param task the task as it is now
 */
public record TaskCreated(EventMeta meta, TeamTask task) implements TaskEvent {}
