package dev.rein.bench.kernel;

/**
 * How much is measured.
 *
 * @param cancels how many stops in each state
 * @param crowd how many live runs are stopped at once
 * @param crowdRounds how often that is done
 * @param waiting how many waiting runs the heap is measured with
 * @param waitingRounds how often that is done
 * @param batches how many batches of constructions are timed
 * @param starts how many runs with an instant model are timed
 * @param events how many events one stream has
 * @param streams how many streams are timed
 * @param many how many runs wait for a scripted model at once
 * @param manyRounds how often that is done
 */
public record Sizes(
        int cancels,
        int crowd,
        int crowdRounds,
        int waiting,
        int waitingRounds,
        int batches,
        int starts,
        int events,
        int streams,
        int many,
        int manyRounds) {

    /** For figures to publish. */
    public static final Sizes FULL = new Sizes(1_000, 10_000, 5, 5_000, 3, 20_000, 50_000, 200_000, 20, 100_000, 3);

    /** For a look, within 45 s. */
    public static final Sizes QUICK = new Sizes(150, 2_000, 2, 2_000, 1, 5_000, 10_000, 100_000, 5, 20_000, 1);

    /** For a test that everything can still be measured; the figures mean nothing. */
    public static final Sizes TINY = new Sizes(3, 20, 1, 10, 1, 20, 20, 500, 2, 50, 1);
}
