package dev.rein.bench.os;

/**
 * How much is measured.
 *
 * @param cancels how many runs of a team are stopped one by one
 * @param streams how many open streams must keep their pace
 * @param crowd how many open streams must lose nothing
 * @param tokens how many tokens each of them has
 * @param warmUps how often that is done before it is judged
 * @param stopped how many of {@code streams} are stopped at once
 * @param stopRounds how often that is done
 * @param waiting how many waiting streams memory is measured with
 * @param waitingRounds how often that is done
 * @param runs how many runs with an instant model are timed
 * @param starts how often {@code ./rein serve} is started
 */
public record Sizes(
        int cancels,
        int streams,
        int crowd,
        int tokens,
        int warmUps,
        int stopped,
        int stopRounds,
        int waiting,
        int waitingRounds,
        int runs,
        int starts) {

    /** For figures to publish. */
    public static final Sizes FULL = new Sizes(1_000, 1_000, 2_000, 400, 2, 300, 10, 2_000, 3, 5_000, 10);

    /** For a look, within 45 s. */
    public static final Sizes QUICK = new Sizes(20, 300, 600, 40, 0, 90, 1, 200, 1, 200, 1);

    /** For a test that everything can still be measured; the figures mean nothing. */
    public static final Sizes TINY = new Sizes(2, 4, 6, 3, 1, 2, 1, 4, 1, 3, 0);
}
