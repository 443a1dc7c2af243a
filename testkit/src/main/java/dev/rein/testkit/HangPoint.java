package dev.rein.testkit;

/** Where a {@link Script} stops answering before its first token. For a later place see {@link Script#hangAfter(long)}. */
public enum HangPoint {
    /**
     * The kernel has accepted the connection, and nothing is read from it: a large request blocks while it is sent. A
     * request that comes on a connection that was in use before hangs {@link #BEFORE_HEADERS} instead, because its
     * connection is being read already.
     */
    AT_ACCEPT,
    /** The request has been read, and nothing is answered. */
    BEFORE_HEADERS,
    /** Status and headers have been sent, and no byte of the body. */
    AFTER_HEADERS,
    /** The stream has begun (chat completions: the chunk with the role; responses: created and in_progress). */
    BEFORE_FIRST_TOKEN
}
