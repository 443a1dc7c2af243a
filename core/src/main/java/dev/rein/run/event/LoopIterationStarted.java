package dev.rein.run.event;

import dev.rein.run.StepRef;

/**
 * An iteration of a loop starts.
 *
 * @param meta origin, index and time of the event
 * @param step the step
 * @param iteration the number of the iteration, from 1
 * @param maxIterations the maximum number of iterations
 */
public record LoopIterationStarted(EventMeta meta, StepRef step, int iteration, int maxIterations)
        implements StepEvent {}
