package dev.rein.run.event;

import dev.rein.run.StepRef;

/**
 * A step goes on: what it waited for was decided.
 *
 * @param meta where and when
 * @param step the step
 */
public record StepContinued(EventMeta meta, StepRef step) implements StepEvent {}
