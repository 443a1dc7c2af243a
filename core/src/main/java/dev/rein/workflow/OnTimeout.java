package dev.rein.workflow;

/** What happens when nobody has answered a question of a step in time. */
public enum OnTimeout {
    /** As if it had been confirmed. Not for questions that ask for values or a choice. */
    APPROVE,
    /** The step is skipped: it is not executed, or its output is discarded. */
    SKIP,
    /** The run of the workflow is cancelled, with the cause DEADLINE. The default. */
    CANCEL
}
