package dev.rein.run.event;

/**
 * A hook after the run begins.
 *
 * @param meta where and when
 * @param hook its name
 */
public record PostHookStarted(EventMeta meta, String hook) implements HookEvent {}
