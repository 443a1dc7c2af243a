package dev.rein.run.event;

import dev.rein.run.TeamTask;

/**
 * A task of a team has changed its status.
 *
 * @param meta origin, index and time of the event
 * @param task the task after the change
 * @param previous the status before the change
 */
public record TaskUpdated(EventMeta meta, TeamTask task, TeamTask.Status previous) implements TaskEvent {}
