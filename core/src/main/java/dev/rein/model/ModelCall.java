package dev.rein.model;

import dev.rein.cancel.Cancellation;

/**
 * The run's side of one call of a {@link Model}: it receives the deltas and provides the cancellation. Valid during one
 * {@link Model#respond} and for its thread only. The methods that report may block while the owner of a stream is slow, and
 * throw {@link dev.rein.cancel.CancelledException} once the run is cancelled.
 */
public interface ModelCall {

    /** The cancellation of the run, for registering aborters. */
    Cancellation cancellation();

    /** The id of the run, for logs and provider metadata. */
    String runId();

    /** Reports a part of the answer's text. An empty string has no effect. */
    void text(String delta);

    /** Reports a part of the model's reasoning, if the provider returns it. */
    void reasoning(String delta);

    /**
     * Reports progress without text, such as a fragment of a tool call. It restarts the first-token and idle limits and
     * counts towards the token budget.
     *
     * @param characters the number of characters received; may be 0
     */
    void progress(int characters);

    /**
     * Reports the provider's token count, preliminary or final; it replaces the estimate for this call. Output that is reported afterwards
     * is estimated and added.
     */
    void usage(Usage usage);
}
