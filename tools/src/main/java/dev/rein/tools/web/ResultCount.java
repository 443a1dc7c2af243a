package dev.rein.tools.web;

import dev.rein.tool.ToolArgumentException;
import java.util.Optional;

/** Validates the number of results that a model asks for. */
final class ResultCount {
    private static final int MAX = 50;

    private ResultCount() {}

    /** @throws ToolArgumentException if it is not from 1 to 50 */
    static int of(String parameter, Optional<Integer> requested, int defaultCount) {
        int count = requested.orElse(defaultCount);
        if (count < 1 || count > MAX) {
            throw new ToolArgumentException(
                    "\"" + parameter + "\" is " + count + ": use a whole number from 1 to " + MAX);
        }
        return count;
    }
}
