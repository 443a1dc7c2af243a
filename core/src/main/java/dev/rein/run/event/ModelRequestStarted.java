package dev.rein.run.event;

/**
 * A request goes to the model.
 *
 * @param meta where and when
 * @param model the model's id
 * @param provider its provider
 */
public record ModelRequestStarted(EventMeta meta, String model, String provider) implements ModelEvent {}
