package dev.rein.bench.tools;

/**
 * How much is measured.
 *
 * @param stops how many stops of each kind of tool
 * @param warmUp how many stops precede them
 */
public record Sizes(int stops, int warmUp) {

    /** For figures to publish. */
    public static final Sizes FULL = new Sizes(300, 50);

    /** For a look, within 45 s. */
    public static final Sizes QUICK = new Sizes(100, 20);

    /** For a test that everything can still be measured; the figures mean nothing. */
    public static final Sizes TINY = new Sizes(2, 0);
}
