package dev.rein.bench.store;

import java.time.Duration;

/**
 * How much is measured.
 *
 * @param appends how many runs are appended to a short session and to a long one
 * @param longSession how many runs the long session has
 * @param streamed how many runs of 500 chunks are stored
 * @param cancels how many runs of another process are stopped
 * @param idleWindows how many windows of time the processor time of paused runs is measured in
 * @param idleWindow how long each is
 */
public record Sizes(int appends, int longSession, int streamed, int cancels, int idleWindows, Duration idleWindow) {

    /** For figures to publish. */
    public static final Sizes FULL = new Sizes(200, 1_000, 1_000, 500, 3, Duration.ofSeconds(30));

    /** For a look, within 45 s. */
    public static final Sizes QUICK = new Sizes(50, 1_000, 200, 100, 2, Duration.ofSeconds(5));

    /** For a test that everything can still be measured; the figures mean nothing. */
    public static final Sizes TINY = new Sizes(3, 12, 3, 3, 1, Duration.ofMillis(50));
}
