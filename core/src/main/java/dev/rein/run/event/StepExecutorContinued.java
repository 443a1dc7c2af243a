package dev.rein.run.event;

import dev.rein.run.StepRef;

/**
 * The agent, team or workflow that executes a step goes on.
 *
 * @param meta where and when
 * @param step the step
 * @param executorId the id of the agent, team or workflow
 * @param executorRunId its run
 */
public record StepExecutorContinued(EventMeta meta, StepRef step, String executorId, String executorRunId) implements StepEvent {}
