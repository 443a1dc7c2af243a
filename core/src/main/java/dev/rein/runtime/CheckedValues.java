package dev.rein.runtime;

import dev.rein.internal.ValueCopies;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Checked copies of maps that callers pass. */
final class CheckedValues {
    private static final int MAX_DEPTH = 100;

    private CheckedValues() {}

    /**
     * Returns an immutable deep copy.
     *
     * @param what the name of the map in error messages
     * @throws IllegalArgumentException if a value is NaN or infinite, or has such a number in it, which JSON can't represent; the
     *     message names its key
     * @throws NullPointerException if {@code values}, a key or a value is null; the message names it
     */
    static Map<String, Object> copy(String what, Map<String, Object> values) {
        Objects.requireNonNull(values, () -> what + " is null: give Map.of() for none");
        values.forEach((key, value) -> {
            Objects.requireNonNull(key, () -> what + " has a null key: give it a name");
            Objects.requireNonNull(value, () -> what + " has null for \"" + key + "\": leave it out");
            requireFinite(what, key, value, 0);
        });
        return ValueCopies.copyAll(values);
    }

    private static void requireFinite(String what, String key, @Nullable Object value, int depth) {
        // What is deeper is refused when it is stored.
        if (depth > MAX_DEPTH) {
            return;
        }
        switch (value) {
            case Double number when !Double.isFinite(number) -> throw notFinite(what, key, number);
            case Float number when !Float.isFinite(number) -> throw notFinite(what, key, number);
            case double[] numbers -> {
                for (var number : numbers) {
                    requireFinite(what, key, number, depth);
                }
            }
            case float[] numbers -> {
                for (var number : numbers) {
                    requireFinite(what, key, number, depth);
                }
            }
            case Object[] all -> {
                for (var each : all) {
                    requireFinite(what, key, each, depth + 1);
                }
            }
            case Map<?, ?> map -> map.values().forEach(each -> requireFinite(what, key, each, depth + 1));
            case Collection<?> all -> all.forEach(each -> requireFinite(what, key, each, depth + 1));
            case null, default -> {}
        }
    }

    private static IllegalArgumentException notFinite(String what, String key, Number number) {
        return new IllegalArgumentException(what + " has " + number + " for \"" + key
                + "\", which JSON can't represent: use a finite number, or leave it out");
    }
}
