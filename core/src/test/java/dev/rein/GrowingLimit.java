package dev.rein;

import java.time.Duration;
import java.util.function.Predicate;

/**
 * Runs a scenario in which something must happen before a limit expires. How long that takes depends on the machine, so the
 * scenario is repeated with longer limits until it succeeds.
 */
public final class GrowingLimit {
    private static final Duration FIRST = Duration.ofMillis(100);
    private static final Duration LAST = Duration.ofSeconds(20);

    private GrowingLimit() {}

    /** A scenario and its result. */
    @FunctionalInterface
    public interface Scenario<T> {
        T play(Duration limit) throws Exception;
    }

    /**
     * Returns the result of the first attempt in which everything happened in time, or else of the last attempt, so that the
     * test fails with it.
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
