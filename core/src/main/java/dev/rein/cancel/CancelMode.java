package dev.rein.cancel;

/**
 * The work that may still finish after a stop was requested; the strongest mode comes first. A turn is one model response
 * and the batch of tool calls that it requests.
 */
public enum CancelMode {
    /** Nothing: all waits end at once and nothing starts any more. */
    NOW,
    /**
     * The tool calls that are running; of calls that are executed one after the other no further one starts. A response that
     * is being streamed ends at once.
     */
    AFTER_TOOLS,
    /** The response that is being streamed and the batch of tool calls that it requests. */
    AFTER_TURN,
    /** The running leaf steps of a workflow. Outside a workflow the same as {@link #AFTER_TURN}. */
    AFTER_STEP;

    /** Whether this mode lets less work finish than {@code other}. */
    public boolean strongerThan(CancelMode other) {
        return compareTo(other) < 0;
    }
}
