package dev.rein.store;

/** What statements that are executed together have changed. */
final class Changes {
    private Changes() {}

    /** Whether each has changed its one row. */
    static boolean[] of(int[] counts) {
        var changed = new boolean[counts.length];
        for (var i = 0; i < counts.length; i++) {
            changed[i] = counts[i] == 1;
        }
        return changed;
    }
}
