package dev.rein.run.event;

/**
 * A hook before the run has returned.
 *
 * @param meta where and when
 * @param hook its name
 */
public record PreHookCompleted(EventMeta meta, String hook) implements HookEvent {}
