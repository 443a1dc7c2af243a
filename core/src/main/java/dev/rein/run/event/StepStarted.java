package dev.rein.run.event;

import dev.rein.run.StepRef;

/**
 * A step begins.
 *
 * @param meta where and when
 * @param step the step
 */
public record StepStarted(EventMeta meta, StepRef step) implements StepEvent {}
