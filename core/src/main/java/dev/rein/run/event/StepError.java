package dev.rein.run.event;

import dev.rein.run.StepRef;

/**
 * A step has failed; what follows depends on its {@code onError}.
 *
 * @param meta where and when
 * @param step the step
 * @param error why
 * @param attempt which try it was, from 1
 * @param retried whether it is tried again
 */
public record StepError(EventMeta meta, StepRef step, String error, int attempt, boolean retried) implements StepEvent {}
