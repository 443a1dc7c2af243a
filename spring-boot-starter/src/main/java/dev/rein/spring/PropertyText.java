package dev.rein.spring;

import java.time.Duration;
import java.util.Locale;

/** Values of properties in the words of users, and what they must satisfy. */
final class PropertyText {
    private PropertyText() {}

    /** A constant as it is written in a properties file. */
    static String of(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static void requirePositive(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(name + " is " + value + ": it must be positive, such as 10s");
        }
    }

    static void requireNotNegative(String name, Duration value) {
        if (value.isNegative()) {
            throw new IllegalArgumentException(name + " is " + value + ": it must not be negative");
        }
    }
}
