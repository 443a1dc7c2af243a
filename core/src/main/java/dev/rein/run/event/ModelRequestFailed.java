package dev.rein.run.event;

import java.time.Duration;

/**
 * A request to a model failed and will be retried, with the same model or a fallback.
 *
 * @param meta origin, index and time of the event
 * @param model the id of the model
 * @param error the error message
 * @param attempt the number of the attempt, from 1
 * @param next the id of the model that is asked next: the same one or a fallback
 * @param retryIn the delay before the next request
 */
public record ModelRequestFailed(EventMeta meta, String model, String error, int attempt, String next, Duration retryIn)
        implements ModelEvent {}
