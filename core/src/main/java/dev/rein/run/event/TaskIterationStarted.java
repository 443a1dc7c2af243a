package dev.rein.run.event;

/**
 * A team that works off tasks begins another round.
 *
 * @param meta where and when
 * @param iteration which one, from 1
 * @param maxIterations how many at most
 */
public record TaskIterationStarted(EventMeta meta, int iteration, int maxIterations) implements TaskEvent {}
