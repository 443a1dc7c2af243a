package dev.rein.bench.walk;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a walk is started with.
 *
 * @param minutes how long it takes; it may be a fraction
 * @param seed the seed of the first case; null takes another one each time
 * @param only the seed of a case that is made again and again; null for a walk through many
 */
public record WalkOptions(
        double minutes, @Nullable Long seed, @Nullable Long only) {
    /** A minute, from a seed of its own. */
    public static final WalkOptions DEFAULT = new WalkOptions(1, null, null);

    private static final int MILLIS_PER_MINUTE = 60_000;

    public WalkOptions {
        if (!(minutes > 0)) {
            throw new IllegalArgumentException("minutes is " + minutes + ": give more than 0");
        }
    }

    /**
     * Walks.
     *
     * @return 0, or 1 if a rule was broken
     */
    public int walk(PrintStream out) throws IOException, InterruptedException {
        var atMost = Duration.ofMillis((long) (minutes * MILLIS_PER_MINUTE));
        if (only != null) {
            return Walk.replay(atMost, only, out);
        }
        return Walk.run(atMost, seed == null ? System.currentTimeMillis() : seed, Long.MAX_VALUE, out);
    }
}
