package dev.rein.testkit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.model.Usage;

/**
 * Encodes one response in the format of an API. Each method returns the server-sent events for one part of the response, and adds that part
 * to {@link #whole()}. Confined to one thread, except {@link #whole()}.
 */
interface ResponseEncoder {

    /** The events before the first token. */
    String begin();

    String text(String token);

    String reasoning(String token);

    String callStart(String id, String name);

    String callArguments(String fragment);

    /** The events at the end of the stream, including {@code [DONE]} if the API has it. */
    String end(String finishReason, Usage usage, boolean withUsage);

    /** The events of a failure in mid-stream. */
    String fail(String code, String message, boolean event);

    /** Whether the response contains a tool call. */
    boolean hasCalls();

    /** The response so far, in the form for requests without {@code stream}. */
    ObjectNode whole();
}
