package dev.rein.runtime;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * How often a failed model call or step is retried, and after which delays. Of model calls only transient failures are
 * retried (429, 5xx, a broken connection), and only while no part of the response has been delivered. A provider's {@code
 * Retry-After} takes precedence over the computed delay, up to {@code maxDelay}. Immutable.
 *
 * @param retries the number of attempts after the first, 0 to 100
 * @param initialDelay the delay before the first retry
 * @param multiplier the factor from one delay to the next, at least 1
 * @param maxDelay the upper bound of each delay
 */
public record RetryPolicy(int retries, Duration initialDelay, double multiplier, Duration maxDelay) {
    /** Two retries, with delays of about 0.5 s and 1 s. */
    public static final RetryPolicy DEFAULT = of(2);

    /** No retries. */
    public static final RetryPolicy NONE = of(0);

    public RetryPolicy {
        if (retries < 0 || retries > 100) {
            throw new IllegalArgumentException("retries is " + retries + ": give 0 to 100");
        }
        if (initialDelay.isNegative() || maxDelay.isNegative()) {
            throw new IllegalArgumentException(
                    "delays are " + initialDelay + " and " + maxDelay + ": they must not be negative");
        }
        if (!(multiplier >= 1)) {
            throw new IllegalArgumentException("multiplier is " + multiplier + ": it must be at least 1");
        }
    }

    /** Returns a policy with exponential back-off: delays from 0.5 s, doubled each time, up to one minute. */
    public static RetryPolicy of(int retries) {
        return new RetryPolicy(retries, Duration.ofMillis(500), 2, Duration.ofMinutes(1));
    }

    /** Returns a copy with another initial delay. */
    public RetryPolicy initialDelay(Duration value) {
        return new RetryPolicy(retries, value, multiplier, maxDelay);
    }

    /**
     * Returns the delay before a retry, without jitter.
     *
     * @param n the number of the retry, from 1
     */
    public Duration delay(int n) {
        var seconds = seconds(initialDelay) * Math.pow(multiplier, n - 1.0);
        return seconds >= seconds(maxDelay) ? maxDelay : Duration.ofMillis((long) (seconds * 1_000));
    }

    /**
     * Returns the time to wait before a retry: the delay that a provider asks for, or that of this policy with a jitter of 25 % in both
     * directions, which keeps many callers from retrying at the same instant.
     *
     * @param n the number of the retry, from 1
     * @param requested the delay that the provider asks for, of which at most {@code maxDelay} is waited; null for none
     */
    public Duration delayWithJitter(int n, @Nullable Duration requested) {
        if (requested != null) {
            return requested.compareTo(maxDelay) < 0 ? requested : maxDelay;
        }
        var nanos = seconds(delay(n)) * 1e9 * ThreadLocalRandom.current().nextDouble(0.75, 1.25);
        return Duration.ofNanos((long) nanos);
    }

    /** In floating point, because a duration may exceed the milliseconds that a long can hold. */
    private static double seconds(Duration delay) {
        return delay.getSeconds() + delay.getNano() / 1e9;
    }
}
