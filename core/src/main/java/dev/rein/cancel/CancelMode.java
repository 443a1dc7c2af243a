package dev.rein.cancel;

/**
 * What may still finish once a run was told to stop, strongest first. A turn is one model response plus the batch of tool
 * calls that it asked for.
 */
public enum CancelMode {
    /** Nothing: every wait ends and nothing starts. */
    NOW,
    /** The tool batch that is running; a response that is being streamed stops now. */
    AFTER_TOOLS,
    /** The response that is being streamed and the batch that it asks for. */
    AFTER_TURN,
    /** The running leaf steps of a workflow. Outside a workflow the same as {@link #AFTER_TURN}. */
    AFTER_STEP;

    /** Whether this mode leaves less to finish than {@code other}. */
    public boolean strongerThan(CancelMode other) {
        return compareTo(other) < 0;
    }
}
