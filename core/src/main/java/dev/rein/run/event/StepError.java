package dev.rein.run.event;

import dev.rein.run.StepRef;

/**
 * An attempt of a step has failed. If it is not retried, the step's {@code onError} decides what happens next.
 *
 * @param meta origin, index and time of the event
 * @param step the step
 * @param error the error message
 * @param attempt the number of the attempt, from 1
 * @param retried whether the step is retried
 */
public record StepError(EventMeta meta, StepRef step, String error, int attempt, boolean retried)
        implements StepEvent {}
