package dev.rein.run.event;

import dev.rein.run.StepRef;

/**
 * A loop starts.
 *
 * @param meta origin, index and time of the event
 * @param step the step
 * @param maxIterations the maximum number of iterations
 */
public record LoopExecutionStarted(EventMeta meta, StepRef step, int maxIterations) implements StepEvent {}
