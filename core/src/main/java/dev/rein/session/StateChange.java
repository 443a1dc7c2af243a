package dev.rein.session;

import org.jspecify.annotations.Nullable;

/**
 * A change of one key of the session state by a run.
 *
 * @param key the key
 * @param before the value when the run started; null if absent
 * @param after the value when the run ended; null if removed
 */
public record StateChange(
        String key, @Nullable Object before, @Nullable Object after) {}
