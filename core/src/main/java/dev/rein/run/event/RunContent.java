package dev.rein.run.event;

import org.jspecify.annotations.Nullable;

/**
 * A part of the answer.
 *
 * @param meta origin, index and time of the event
 * @param content the added text; empty if only reasoning was added
 * @param reasoningContent the added reasoning; null for none
 */
public record RunContent(
        EventMeta meta, String content, @Nullable String reasoningContent) implements RunEvent {}
