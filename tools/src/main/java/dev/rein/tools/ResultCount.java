package dev.rein.tools;

import dev.rein.tool.ToolArgumentException;
import java.util.Optional;

/** How many results a model may ask for. */
final class ResultCount {
    private static final int MOST = 50;

    private ResultCount() {}

    /** @throws ToolArgumentException if it is not from 1 to 50 */
    static int of(String parameter, Optional<Integer> given, int unlessGiven) {
        int count = given.orElse(unlessGiven);
        if (count < 1 || count > MOST) {
            throw new ToolArgumentException(
                    "\"" + parameter + "\" is " + count + ": give a whole number from 1 to " + MOST);
        }
        return count;
    }
}
