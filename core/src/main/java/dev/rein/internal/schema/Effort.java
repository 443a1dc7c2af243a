package dev.rein.internal.schema;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * How much work remains for the arguments of a call. A schema may refer to itself, or combine alternatives in more ways than can be tried;
 * what is not looked at any more is left as it is, and is not refused. Not thread-safe.
 */
final class Effort {
    private static final int MIN_STEPS = 10_000;
    private static final int STEPS_PER_VALUE = 20;
    private static final int MAX_DEPTH = 300;

    private long stepsLeft;
    private int depth;

    /** @param arguments whose size says how much work is to be expected */
    Effort(JsonNode arguments) {
        stepsLeft = MIN_STEPS + STEPS_PER_VALUE * values(arguments);
    }

    private static long values(JsonNode node) {
        long values = 1;
        for (var each : node) {
            values += values(each);
        }
        return values;
    }

    /** To be followed by {@link #leave} if it returned true. */
    boolean enter() {
        if (stepsLeft <= 0 || depth >= MAX_DEPTH) {
            return false;
        }
        stepsLeft--;
        depth++;
        return true;
    }

    void leave() {
        depth--;
    }
}
