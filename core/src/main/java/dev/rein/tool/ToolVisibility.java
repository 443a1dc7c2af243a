package dev.rein.tool;

/**
 * What the events of a run show of a tool's calls. The model, the conversation, the store and {@link dev.rein.run.RunOutput#tools} have the calls
 * and results in any case. Events that the tool's code emits, and those of runs that it starts, are shown too.
 */
public enum ToolVisibility {
    /** The calls and their results. */
    SHOWN,

    /** The calls; in place of a result, or an error, there is a note that it is hidden. */
    RESULT_HIDDEN,

    /** Nothing. */
    HIDDEN
}
