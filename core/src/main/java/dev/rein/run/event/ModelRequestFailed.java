package dev.rein.run.event;

import java.time.Duration;

/**
 * A request to the model failed, and another one will be made.
 *
 * @param meta where and when
 * @param model the model's id
 * @param error what went wrong
 * @param attempt which try it was, from 1
 * @param next the model asked next: the same one, or a fallback
 * @param retryIn how long the run waits first
 */
public record ModelRequestFailed(EventMeta meta, String model, String error, int attempt, String next, Duration retryIn)
        implements ModelEvent {}
