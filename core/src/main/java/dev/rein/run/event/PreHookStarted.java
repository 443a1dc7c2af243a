package dev.rein.run.event;

/**
 * A hook that runs before the first model request starts.
 *
 * @param meta origin, index and time of the event
 * @param hook the name of the hook
 */
public record PreHookStarted(EventMeta meta, String hook) implements HookEvent {}
