package dev.rein.testkit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.model.Usage;

/**
 * How one answer looks in one of the two protocols: each method returns the server-sent events that tell of one thing,
 * and remembers it for the whole answer. Used by one thread, except {@link #whole()}.
 */
interface Wire {

    /** What comes before the first token. */
    String begin();

    String text(String token);

    String reasoning(String token);

    String callStart(String id, String name);

    String callArguments(String fragment);

    /** The end of the stream. The last event of all, {@code [DONE]} where there is one, included. */
    String end(String finishReason, Usage usage, boolean withUsage);

    /** A failure in mid-stream. */
    String fail(String code, String message, boolean event);

    /** Whether the answer holds a tool call. */
    boolean hasCalls();

    /** The answer so far, as a request without {@code stream} gets it. */
    ObjectNode whole();
}
