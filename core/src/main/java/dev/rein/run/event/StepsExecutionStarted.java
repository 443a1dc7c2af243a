package dev.rein.run.event;

import dev.rein.run.StepRef;

/**
 * A sequence of steps starts.
 *
 * @param meta origin, index and time of the event
 * @param step the step
 * @param count the number of steps
 */
public record StepsExecutionStarted(EventMeta meta, StepRef step, int count) implements StepEvent {}
