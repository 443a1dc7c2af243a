package dev.rein.workflow;

/** What follows when a step fails, its retries included. */
public enum OnError {
    /** The workflow ends as ERROR; branches beside the step are stopped. The default. */
    FAIL,
    /** The workflow goes on; the step's output says that it did not succeed. */
    SKIP,
    /** The run is paused: people decide whether to retry, skip or fail. */
    PAUSE
}
