package dev.rein;

import java.time.Duration;
import java.util.function.Predicate;

/**
 * Plays a scenario in which something must happen before a limit passes. How long that takes depends on the machine, so the
 * scenario is played again with a longer limit until it did.
 */
public final class GrowingLimit {
    private static final Duration FIRST = Duration.ofMillis(100);
    private static final Duration LAST = Duration.ofSeconds(20);

    private GrowingLimit() {}

    /** A scenario and what it came to. */
    @FunctionalInterface
    public interface Scenario<T> {
        T play(Duration limit) throws Exception;
    }

    /**
     * The result of the first try in which everything happened in time; when there is none, of the last one, for the test to
     * fail on.
     */
    public static <T> T play(Scenario<T> scenario, Predicate<T> inTime) throws Exception {
        var limit = FIRST;
        while (true) {
            var result = scenario.play(limit);
            limit = limit.multipliedBy(3);
            if (inTime.test(result) || limit.compareTo(LAST) > 0) {
                return result;
            }
        }
    }
}
