package dev.rein.run.event;

/**
 * The answer is complete; what comes after the last token follows.
 *
 * @param meta where and when
 */
public record RunContentCompleted(EventMeta meta) implements RunEvent {}
