package dev.rein.run.event;

import dev.rein.run.StepRef;

/**
 * Branches begin, all at once.
 *
 * @param meta where and when
 * @param step the step
 * @param count how many branches it has
 */
public record ParallelExecutionStarted(EventMeta meta, StepRef step, int count) implements StepEvent {}
