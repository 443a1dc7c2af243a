package dev.rein.spring;

import java.time.Duration;

/** The time that runs have to finish, from the moment at which the shutdown begins. Thread-safe. */
final class DrainTime {
    private final Duration all;
    private long deadline;
    private boolean begun;

    DrainTime(Duration all) {
        this.all = all;
    }

    /** The whole time. */
    Duration all() {
        return all;
    }

    /** What is left of it; the time begins with the first call. */
    synchronized Duration remaining() {
        var now = System.nanoTime();
        if (!begun) {
            begun = true;
            deadline = now + all.toNanos();
        }
        return Duration.ofNanos(Math.max(0, deadline - now));
    }
}
