package dev.rein.session;

import org.jspecify.annotations.Nullable;

/**
 * One key of a session's state that a run changed.
 *
 * @param key the key
 * @param before its value when the run started; null when absent
 * @param after its value when the run ended; null when removed
 */
public record StateChange(
        String key, @Nullable Object before, @Nullable Object after) {}
