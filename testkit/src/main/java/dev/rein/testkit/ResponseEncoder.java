package dev.rein.testkit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.model.Usage;

/**
 * Encodes one response in the format of an API. Each method returns the part of the stream for one part of the response, such as one or
 * more server-sent events with the blank lines that end them, and adds that part to {@link #whole()}. Confined to one thread, except
 * {@link #whole()}.
 */
public interface ResponseEncoder {

    /** What is sent before the first token; may be empty. */
    String begin();

    String text(String token);

    String reasoning(String token);

    /**
     * Opaque data that the provider wants back with the message, such as the signature of the reasoning before it. Empty, the default, if
     * the API has no such data.
     */
    default String opaque(String data) {
        return "";
    }

    /** The beginning of a tool call; may be empty if the API sends calls as a whole. */
    String callStart(String id, String name);

    String callArguments(String fragment);

    /**
     * The end of the stream.
     *
     * @param finishReason {@code stop}, {@code length}, {@code content_filter}, {@code tool_calls}, or the provider's own word
     */
    String end(String finishReason, Usage usage, boolean withUsage);

    /**
     * A failure in mid-stream.
     *
     * @param code {@code server_error}, {@code rate_limit_exceeded}, or the provider's own code
     * @param event whether to send it as an event of its own, if the API has both forms
     */
    String fail(String code, String message, boolean event);

    /** The response so far, in the form for requests that do not ask for a stream. */
    ObjectNode whole();
}
