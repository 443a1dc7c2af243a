package dev.rein.run.event;

import dev.rein.run.StepRef;

/**
 * Parallel branches start.
 *
 * @param meta origin, index and time of the event
 * @param step the step
 * @param count the number of branches
 */
public record ParallelExecutionStarted(EventMeta meta, StepRef step, int count) implements StepEvent {}
