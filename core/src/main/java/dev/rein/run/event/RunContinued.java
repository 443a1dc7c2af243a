package dev.rein.run.event;

/**
 * The agent or team goes on: what it waited for was decided.
 *
 * @param meta where and when
 */
public record RunContinued(EventMeta meta) implements RunEvent {}
