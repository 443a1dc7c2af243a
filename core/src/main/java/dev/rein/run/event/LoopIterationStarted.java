package dev.rein.run.event;

import dev.rein.run.StepRef;

/**
 * A loop goes round once more.
 *
 * @param meta where and when
 * @param step the step
 * @param iteration which time, from 1
 * @param maxIterations how often it goes round at most
 */
public record LoopIterationStarted(EventMeta meta, StepRef step, int iteration, int maxIterations) implements StepEvent {}
