package dev.rein.session;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is to be changed of a session. Immutable.
 *
 * @param name its new name; empty for none, null to leave it
 * @param state its whole new state; null to leave it
 * @param metadata its whole new metadata; null to leave it
 */
public record SessionEdit(
        @Nullable String name,
        @Nullable Map<String, Object> state,
        @Nullable Map<String, Object> metadata) {

    /** Gives it another name; an empty one takes it away. */
    public static SessionEdit name(String value) {
        return new SessionEdit(Objects.requireNonNull(value, "name"), null, null);
    }
}
