package dev.rein.session;

/** What happens when a run starts in a session that runs already. */
public enum SessionPolicy {
    /** Both run; neither sees the other's messages. */
    ALLOW,
    /** The second waits for the first to end. */
    QUEUE,
    /** The second is refused. */
    REJECT
}
