package dev.rein.internal.stop;

/** What a scope needs of the process that it stops in. Implementations are thread-safe. */
public interface StopEnvironment {
    Timers timers();

    /** Runs aborters. */
    AbortPool aborts();

    /** Interrupts threads, apart from the aborters: those may hang. */
    AbortPool interrupts();

    Watchdog watchdog();

    /**
     * Counts abandoned threads.
     *
     * @param what the work that the thread did, such as {@code tool search}
     * @param change 1 for a thread that was abandoned, -1 for one that has come back
     */
    void abandoned(String what, int change);
}
