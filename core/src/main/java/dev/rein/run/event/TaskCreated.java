package dev.rein.run.event;

import dev.rein.run.TeamTask;

/**
 * A task was added to the task list of a team.
 *
 * @param meta origin, index and time of the event
 * @param task the task after the change
 */
public record TaskCreated(EventMeta meta, TeamTask task) implements TaskEvent {}
