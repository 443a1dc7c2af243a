package dev.rein.run.event;

import org.jspecify.annotations.Nullable;

/**
 * More of the answer.
 *
 * @param meta where and when
 * @param content the text that was added; empty when only reasoning was
 * @param reasoningContent the reasoning that was added; null when none was
 */
public record RunContent(
        EventMeta meta, String content, @Nullable String reasoningContent) implements RunEvent {}
