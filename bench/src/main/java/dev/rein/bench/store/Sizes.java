package dev.rein.bench.store;

/**
 * How much is measured.
 *
 * @param appends how many runs are appended to a short session and to a long one
 * @param longSession how many runs the long session has
 * @param streamed how many runs of 500 chunks are stored
 * @param cancels how many runs of another process are stopped
 */
public record Sizes(int appends, int longSession, int streamed, int cancels) {

    /** For figures to publish. */
    public static final Sizes FULL = new Sizes(200, 1_000, 1_000, 500);

    /** For a look, within 45 s. */
    public static final Sizes QUICK = new Sizes(50, 1_000, 200, 100);

    /** For a test that everything can still be measured; the figures mean nothing. */
    public static final Sizes TINY = new Sizes(3, 12, 3, 3);
}
