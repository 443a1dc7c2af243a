package dev.rein.session;

/** What happens when a run starts in a session that has a live run. */
public enum SessionPolicy {
    /** Both run concurrently; neither sees the messages of the other. */
    ALLOW,
    /** The second run waits for the end of the first. */
    QUEUE,
    /** The second run is rejected. */
    REJECT
}
