package dev.rein.runtime;

import dev.rein.internal.ValueCopies;
import java.util.Map;
import java.util.Objects;

/** Checked copies of maps that callers pass. */
final class CheckedValues {
    private CheckedValues() {}

    /**
     * Returns an immutable deep copy.
     *
     * @param what the name of the map in error messages
     * @throws NullPointerException if {@code values}, a key or a value is null; the message names it
     */
    static Map<String, Object> copy(String what, Map<String, Object> values) {
        Objects.requireNonNull(values, () -> what + " is null: give Map.of() for none");
        values.forEach((key, value) -> {
            Objects.requireNonNull(key, () -> what + " has a null key: give it a name");
            Objects.requireNonNull(value, () -> what + " has null for \"" + key + "\": leave it out");
        });
        return ValueCopies.copyAll(values);
    }
}
