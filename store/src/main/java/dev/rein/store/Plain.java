package dev.rein.store;

import org.jspecify.annotations.Nullable;

/** Text that a column holds as it is, so that it can be looked for. */
final class Plain {
    /** PostgreSQL's indexes take 2,704 bytes, and a character may take four. */
    private static final int LONGEST_ID = 500;

    private Plain() {}

    /** @throws IllegalArgumentException if a database can't hold it */
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

    /** The pattern of what contains a part, with {@code !} as its escape. */
    static String like(String part) {
        return "%" + text("text", part).replace("!", "!!").replace("%", "!%").replace("_", "!_") + "%";
    }
}
