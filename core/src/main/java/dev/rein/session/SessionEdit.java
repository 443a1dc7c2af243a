package dev.rein.session;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A change of a session. Immutable.
 *
 * @param name the new name, or an empty string to remove it; null for no change
 * @param state the new state, which replaces the old one; null for no change
 * @param metadata the new metadata, which replaces the old one; null for no change
 */
public record SessionEdit(
        @Nullable String name,
        @Nullable Map<String, Object> state,
        @Nullable Map<String, Object> metadata) {

    /** Returns a change of the name; an empty string removes it. */
    public static SessionEdit name(String value) {
        return new SessionEdit(Objects.requireNonNull(value, "name"), null, null);
    }
}
