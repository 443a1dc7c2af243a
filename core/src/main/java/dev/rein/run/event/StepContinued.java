package dev.rein.run.event;

import dev.rein.run.StepRef;

/**
 * A paused step has resumed: its requirement was decided.
 *
 * @param meta origin, index and time of the event
 * @param step the step
 */
public record StepContinued(EventMeta meta, StepRef step) implements StepEvent {}
