package dev.rein.bench.crash;

import java.time.Duration;

/**
 * How much is done.
 *
 * @param kills how often the process is killed
 * @param lease how long it may be silent before others take it for dead
 * @param longest how long it lives at most once it works
 */
public record Sizes(int kills, Duration lease, Duration longest) {

    /** For figures to publish. */
    public static final Sizes FULL = new Sizes(200, Duration.ofSeconds(10), Duration.ofSeconds(3));

    /** For a look, within 45 s. */
    public static final Sizes QUICK = new Sizes(8, Duration.ofSeconds(2), Duration.ofSeconds(2));

    /** For a test. */
    public static final Sizes TINY = new Sizes(3, Duration.ofSeconds(1), Duration.ofMillis(700));
}
