package dev.rein.session;

/**
 * What happens when a run starts in a session that has a live run. Sessions are told apart by store and id. Processes that share a
 * store {@linkplain SharedStore#keepsTurns() that keeps turns} count as one; with other stores each process counts alone.
 */
public enum SessionPolicy {
    /** Both run concurrently; neither sees the messages of the other. */
    ALLOW,
    /**
     * The second run waits, as PENDING, until the runs that started before it, in the order in which the store
     * received them, have ended or are paused. A paused run gives its
     * turn to the next one; when it is resumed it continues without waiting, beside the run that works then.
     */
    QUEUE,
    /** The second run is rejected, also while the first is paused. */
    REJECT
}
