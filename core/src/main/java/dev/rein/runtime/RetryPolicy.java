package dev.rein.runtime;

import java.time.Duration;

/**
 * How often a failed model call is tried again, and how long the run waits before. Only failures that may pass are retried
 * (429, 5xx, a broken connection), and only while nothing of the response has been delivered. A provider's {@code
 * Retry-After} wins over the computed wait, up to {@code longest}.
 *
 * @param retries tries after the first; 0 for none
 * @param first the wait before the first retry
 * @param multiplier by how much each wait is longer than the one before, at least 1
 * @param longest no wait is longer than this
 */
public record RetryPolicy(int retries, Duration first, double multiplier, Duration longest) {
    /** Two retries, after about 0.5 s and 1 s. */
    public static final RetryPolicy DEFAULT = of(2);

    public static final RetryPolicy NONE = of(0);

    public RetryPolicy {
        if (retries < 0 || retries > 100) {
            throw new IllegalArgumentException("retries is " + retries + ": give 0 to 100");
        }
        if (first.isNegative() || longest.isNegative()) {
            throw new IllegalArgumentException(
                    "waits are " + first + " and " + longest + ": they must not be negative");
        }
        if (!(multiplier >= 1)) {
            throw new IllegalArgumentException("multiplier is " + multiplier + ": it must be at least 1");
        }
    }

    /** Exponential back-off from half a second, doubling, at most a minute. */
    public static RetryPolicy of(int retries) {
        return new RetryPolicy(retries, Duration.ofMillis(500), 2, Duration.ofMinutes(1));
    }

    /** The same number of retries with another first wait. */
    public RetryPolicy first(Duration value) {
        return new RetryPolicy(retries, value, multiplier, longest);
    }

    /** The wait before retry {@code n}, from 1, before jitter. */
    public Duration delay(int n) {
        var seconds = seconds(first) * Math.pow(multiplier, n - 1.0);
        return seconds >= seconds(longest) ? longest : Duration.ofMillis((long) (seconds * 1_000));
    }

    /** As a floating-point number, because a duration may have more milliseconds than a long can hold. */
    private static double seconds(Duration wait) {
        return wait.getSeconds() + wait.getNano() / 1e9;
    }
}
