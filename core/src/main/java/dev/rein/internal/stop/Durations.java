package dev.rein.internal.stop;

import java.time.Duration;

/** Lengths of time as the clock counts them. */
public final class Durations {
    /** As good as for ever, and still a number of nanoseconds that can be added to the clock's. */
    private static final Duration LONGEST = Duration.ofDays(10_000);

    private Durations() {}

    /**
     * In nanoseconds, at most 10,000 days: people say "for ever" with a duration that has more nanoseconds than a long can
     * hold, and its {@link Duration#toNanos} would throw.
     */
    public static long nanos(Duration duration) {
        return (duration.compareTo(LONGEST) < 0 ? duration : LONGEST).toNanos();
    }
}
