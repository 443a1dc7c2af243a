package dev.rein.run.event;

import dev.rein.run.StepOutput;
import dev.rein.run.StepRef;

/**
 * A step is done. Not shown for one that ends its workflow early, is stopped or fails.
 *
 * @param meta where and when
 * @param step the step
 * @param output its result
 */
public record StepCompleted(EventMeta meta, StepRef step, StepOutput output) implements StepEvent {}
