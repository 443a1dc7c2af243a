package dev.rein.testkit;

/** The points before the first token at which a {@link Script} can hang. For later points see {@link Script#hangAfter(long)}. */
public enum HangPoint {
    /**
     * The connection is accepted but not read, so that sending a large request blocks. Requests on a connection that has been used
     * before hang {@link #BEFORE_HEADERS} instead, because it is already being read.
     */
    AT_ACCEPT,
    /** The request has been read, and nothing is sent. */
    BEFORE_HEADERS,
    /** Status and headers have been sent, but no byte of the body. */
    AFTER_HEADERS,
    /** The stream has begun (chat completions: the chunk with the role; responses: created and in_progress). */
    BEFORE_FIRST_TOKEN
}
