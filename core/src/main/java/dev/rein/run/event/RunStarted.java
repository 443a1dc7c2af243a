package dev.rein.run.event;

/**
 * The run has begun to work.
 *
 * @param meta where and when
 * @param model the model's id
 * @param provider its provider
 */
public record RunStarted(EventMeta meta, String model, String provider) implements RunEvent {}
