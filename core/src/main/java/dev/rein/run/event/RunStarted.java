package dev.rein.run.event;

/**
 * An agent's or team's run has started to work.
 *
 * @param meta origin, index and time of the event
 * @param model the id of the model
 * @param provider the model's provider
 */
public record RunStarted(EventMeta meta, String model, String provider) implements RunEvent {}
