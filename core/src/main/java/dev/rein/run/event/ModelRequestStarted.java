package dev.rein.run.event;

/**
 * A request is sent to a model.
 *
 * @param meta origin, index and time of the event
 * @param model the id of the model
 * @param provider the model's provider
 */
public record ModelRequestStarted(EventMeta meta, String model, String provider) implements ModelEvent {}
