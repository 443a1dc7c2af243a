package dev.rein.run.event;

import dev.rein.run.StepRef;

/**
 * A sequence begins.
 *
 * @param meta where and when
 * @param step the step
 * @param count how many steps it has
 */
public record StepsExecutionStarted(EventMeta meta, StepRef step, int count) implements StepEvent {}
