package dev.rein.run.event;

/** An event of a team in mode TASKS: its task list, or one iteration over it. */
public sealed interface TaskEvent extends RunEvent
        permits TaskIterationStarted, TaskIterationCompleted, TaskStateUpdated, TaskCreated, TaskUpdated {}
