package dev.rein.bench.flows;

/**
 * How much is measured.
 *
 * @param branches how many parallel branches are stopped at once
 * @param rounds how often that is done
 * @param runs how many runs are timed for the cost of a step, and of a delegation
 */
public record Sizes(int branches, int rounds, int runs) {

    /** For figures to publish. */
    public static final Sizes FULL = new Sizes(1_000, 50, 5_000);

    /** For a look, within 45 s. */
    public static final Sizes QUICK = new Sizes(1_000, 8, 1_000);

    /** For a test that everything can still be measured; the figures mean nothing. */
    public static final Sizes TINY = new Sizes(5, 2, 10);
}
