package dev.rein.run.event;

import dev.rein.run.TeamTask;

/**
 * A task of a team has changed.
 *
 * @param meta where and when
 * @param task the task as it is now
 * @param previous what its status was
 */
public record TaskUpdated(EventMeta meta, TeamTask task, TeamTask.Status previous) implements TaskEvent {}
