package dev.rein.http;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads the events of a stream. Confined to one thread. */
interface EventReader {

    /** Maximum size of an event in bytes. Far above what providers send: an image in an event has a few megabytes. */
    int MAX_EVENT_BYTES = 16 << 20;

    /**
     * Maximum size of all events of a response together, in bytes. Far above what the longest responses need, whose events have a few
     * hundred bytes for each token.
     */
    long MAX_RESPONSE_BYTES = 512L << 20;

    /**
     * Reads the next event. Its data are then the first {@link #length()} bytes of {@link #data()}.
     *
     * @return false at the end of the stream; an incomplete event at the end is dropped
     * @throws LineBuffer.TooLargeException if the event exceeds the maximum size
     */
    boolean next() throws IOException;

    /** The name of the event; empty if it has none. */
    String name();

    byte[] data();

    int length();

    /**
     * The beginning of the content that is not part of an event, such as a proxy's error page, or of a document that is all of the content;
     * null if there is none.
     */
    @Nullable
    String unexpected();
}
