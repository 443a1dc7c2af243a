package dev.rein.store;

import org.jspecify.annotations.Nullable;

/** Checks text that a column holds as it is, so that queries can find it. */
final class ColumnText {
    /** PostgreSQL's indexes take 2,704 bytes, and a character may take four. */
    private static final int LONGEST_ID = 500;

    private ColumnText() {}

    /** @throws IllegalArgumentException if the value is longer than an index allows, or no valid text */
    static String id(String what, String value) {
        if (value.length() > LONGEST_ID) {
            throw new IllegalArgumentException("the " + what + " has " + value.length()
                    + " characters (it begins with \"" + value.substring(0, 20) + "\"): use at most " + LONGEST_ID);
        }
        return text(what, value);
    }

    static @Nullable String idOrNull(String what, @Nullable String value) {
        return value == null ? null : id(what, value);
    }

    static String text(String what, String value) {
        for (var i = 0; i < value.length(); i += Character.charCount(value.codePointAt(i))) {
            var c = value.codePointAt(i);
            if (c == 0 || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)) {
                throw new IllegalArgumentException(
                        "the " + what + " has " + (c == 0 ? "a NUL character" : "half a character") + " at index " + i
                                + ", which a database can't hold: use another " + what);
            }
        }
        return value;
    }

    /** A LIKE pattern for values that contain {@code part}, with {@code !} as its escape character. */
    static String like(String part) {
        return "%" + text("text", part).replace("!", "!!").replace("%", "!%").replace("_", "!_") + "%";
    }
}
