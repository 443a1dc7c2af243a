package dev.rein.run.event;

/**
 * A hook after the run has returned.
 *
 * @param meta where and when
 * @param hook its name
 */
public record PostHookCompleted(EventMeta meta, String hook) implements HookEvent {}
