package dev.rein.tool;

/** What a run does after a call of a tool that has not failed. */
public enum ToolEnd {
    /** The model reads the result. */
    CONTINUE,

    /** The run ends with the result as its answer; see {@link ToolSpec#withReturnDirect}. */
    RETURN_DIRECT,

    /** The run ends with what the model wrote beside the call as its answer; see {@link ToolSpec#withEndsRun}. */
    END_RUN
}
