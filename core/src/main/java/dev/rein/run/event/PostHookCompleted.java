package dev.rein.run.event;

/**
 * A hook that runs after the answer has returned.
 *
 * @param meta origin, index and time of the event
 * @param hook the name of the hook
 */
public record PostHookCompleted(EventMeta meta, String hook) implements HookEvent {}
