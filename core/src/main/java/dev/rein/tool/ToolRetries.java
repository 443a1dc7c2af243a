package dev.rein.tool;

import java.time.Duration;

/**
 * How often a call of a tool is repeated after an exception, and after which delays; each is twice as long as the one before. Only for tools
 * whose calls may be repeated without harm. Immutable.
 *
 * @param retries the number of attempts after the first, 0 to 100
 * @param initialDelay the delay before the first retry
 * @param maxDelay the upper bound of each delay
 */
public record ToolRetries(int retries, Duration initialDelay, Duration maxDelay) {
    /** Two retries, after 0.5 s and 1 s. */
    public static final ToolRetries DEFAULT = of(2);

    public ToolRetries {
        if (retries < 0 || retries > 100) {
            throw new IllegalArgumentException("retries is " + retries + ": give 0 to 100");
        }
        if (initialDelay.isNegative() || maxDelay.isNegative()) {
            throw new IllegalArgumentException(
                    "delays are " + initialDelay + " and " + maxDelay + ": they must not be negative");
        }
    }

    /** Delays from 0.5 s, doubled each time, up to 30 s. */
    public static ToolRetries of(int retries) {
        return new ToolRetries(retries, Duration.ofMillis(500), Duration.ofSeconds(30));
    }

    /**
     * Returns the delay before a retry.
     *
     * @param n the number of the retry, from 1
     */
    public Duration delay(int n) {
        var delay = initialDelay;
        for (int i = 1; i < n && delay.compareTo(maxDelay) < 0; i++) {
            delay = delay.plus(delay);
        }
        return delay.compareTo(maxDelay) < 0 ? delay : maxDelay;
    }
}
