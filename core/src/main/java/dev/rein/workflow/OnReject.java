package dev.rein.workflow;

/** What the rejection of a step or of its output leads to. */
public enum OnReject {
    /** The step is skipped: it is not executed, or its output is discarded. The default before the start of a step. */
    SKIP,
    /** The condition executes its other steps. The default before the start of a {@link Condition}, and only there. */
    ELSE_BRANCH,
    /**
     * The step is executed again, with the rejected output and the feedback in {@link StepInput#rejection}. The default for a
     * rejected output, and only there.
     */
    RETRY,
    /** The run of the workflow is cancelled. */
    CANCEL
}
