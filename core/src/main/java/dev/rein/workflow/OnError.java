package dev.rein.workflow;

/** What happens when a step has failed after its retries. */
public enum OnError {
    /** The workflow ends as ERROR, and parallel branches are cancelled. The default. */
    FAIL,
    /** The workflow continues; the output of the step has {@code success} false. */
    SKIP,
    /** The run is paused: people decide whether to retry, skip or fail. */
    PAUSE
}
