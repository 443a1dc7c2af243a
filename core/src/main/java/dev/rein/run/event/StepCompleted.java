package dev.rein.run.event;

import dev.rein.run.StepOutput;
import dev.rein.run.StepRef;

/**
 * A step has completed. Not emitted for a step that ends its workflow early, is cancelled or fails.
 *
 * @param meta origin, index and time of the event
 * @param step the step
 * @param output the result
 */
public record StepCompleted(EventMeta meta, StepRef step, StepOutput output) implements StepEvent {}
