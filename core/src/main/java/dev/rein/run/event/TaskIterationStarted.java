package dev.rein.run.event;

/**
 * A team in mode TASKS starts an iteration.
 *
 * @param meta origin, index and time of the event
 * @param iteration the number of the iteration, from 1
 * @param maxIterations the maximum number of iterations
 */
public record TaskIterationStarted(EventMeta meta, int iteration, int maxIterations) implements TaskEvent {}
