package dev.rein.model;

import dev.rein.cancel.Cancellation;

/**
 * Where a {@link Model} reports what arrives, and hears of a stop. Valid during one {@link Model#respond}; used by the
 * thread that called it. Every method that reports may block while a stream's owner is slow, and throws {@link
 * dev.rein.cancel.CancelledException} once the run is stopped.
 */
public interface ModelCall {

    /** How the run is stopped, for registering aborters. */
    Cancellation cancellation();

    /** The identity of the run that asks, for logs and provider metadata. */
    String runId();

    /** More of the answer's text. Nothing happens for an empty string. */
    void text(String delta);

    /** More of the model's reasoning, where the provider shows it. */
    void reasoning(String delta);

    /**
     * Tells that the stream is alive although nothing readable came, such as a fragment of a tool call of {@code
     * characters} characters. Keeps the first-token and idle limits from expiring, and counts towards the token budget.
     */
    void progress(int characters);

    /** The provider's own count, so far or final; replaces the estimate of this call. */
    void usage(Usage usage);
}
