package dev.rein.run.event;

import dev.rein.run.StepRef;

/**
 * The agent, team or workflow that executes a step is paused and waits for decisions.
 *
 * @param meta origin, index and time of the event
 * @param step the step
 * @param executorId the id of the agent, team or workflow
 * @param executorRunId the id of its run
 */
public record StepExecutorPaused(EventMeta meta, StepRef step, String executorId, String executorRunId)
        implements StepEvent {}
