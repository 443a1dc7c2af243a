package dev.rein.run.event;

/**
 * A hook before the run begins.
 *
 * @param meta where and when
 * @param hook its name
 */
public record PreHookStarted(EventMeta meta, String hook) implements HookEvent {}
