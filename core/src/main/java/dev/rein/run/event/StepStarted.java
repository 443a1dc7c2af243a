package dev.rein.run.event;

import dev.rein.run.StepRef;

/**
 * A step starts.
 *
 * @param meta origin, index and time of the event
 * @param step the step
 */
public record StepStarted(EventMeta meta, StepRef step) implements StepEvent {}
