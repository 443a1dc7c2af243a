package dev.rein.run.event;

import dev.rein.run.StepRef;

/**
 * A condition was evaluated, and the steps of its branch start.
 *
 * @param meta origin, index and time of the event
 * @param step the step
 * @param result whether the condition holds
 */
public record ConditionExecutionStarted(EventMeta meta, StepRef step, boolean result) implements StepEvent {}
