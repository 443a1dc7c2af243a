package dev.rein.store;

/** Update counts of a batch of statements. */
final class UpdateCounts {
    private UpdateCounts() {}

    /** Whether each statement has changed its one row. */
    static boolean[] areOne(int[] counts) {
        var changed = new boolean[counts.length];
        for (var i = 0; i < counts.length; i++) {
            changed[i] = counts[i] == 1;
        }
        return changed;
    }
}
