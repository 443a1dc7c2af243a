package dev.rein.run.event;

import dev.rein.run.StepRef;

/**
 * A condition was evaluated.
 *
 * @param meta where and when
 * @param step the step
 * @param result what it says
 */
public record ConditionExecutionStarted(EventMeta meta, StepRef step, boolean result) implements StepEvent {}
