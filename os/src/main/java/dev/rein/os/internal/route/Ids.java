package dev.rein.os.internal.route;

import dev.rein.runtime.RunOptions;
import java.util.regex.Pattern;

/**
 * The rule for ids of runs, sessions, users, components and memories that clients send. Ids are written to logs and terminals,
 * where a line break or an escape sequence could forge lines.
 */
public final class Ids {
    /**
     * The JSON Schema pattern of ids: no control characters, no line or paragraph separators, and neither of the two names that
     * are steps in a path: no client could name such a thing in a URL.
     */
    public static final String PATTERN = "^(?!\\.{1,2}$)[^\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029]*$";

    /** The maximum length in characters. */
    public static final int MAX_LENGTH = RunOptions.MAX_ID_LENGTH;

    public static final String RULE = "an id has 1 to " + MAX_LENGTH
            + " characters, without control characters and line breaks, and is neither \".\" nor" + " \"..\"";

    private static final Pattern COMPILED = Pattern.compile(PATTERN);

    private Ids() {}

    static boolean isPrintable(String id) {
        return COMPILED.matcher(id).matches();
    }

    public static boolean isValid(String id) {
        return !id.isBlank() && id.length() <= MAX_LENGTH && isPrintable(id);
    }

    /**
     * Checks an id that is not a declared parameter.
     *
     * @param name the name of its field
     * @throws Problem 422 if it is not an id
     */
    public static String require(String name, String id) {
        if (!isValid(id)) {
            throw Problem.of(422, "Invalid " + name + ": " + RULE);
        }
        return id;
    }
}
