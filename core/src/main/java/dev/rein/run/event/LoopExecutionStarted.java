package dev.rein.run.event;

import dev.rein.run.StepRef;

/**
 * A loop begins.
 *
 * @param meta where and when
 * @param step the step
 * @param maxIterations how often it goes round at most
 */
public record LoopExecutionStarted(EventMeta meta, StepRef step, int maxIterations) implements StepEvent {}
