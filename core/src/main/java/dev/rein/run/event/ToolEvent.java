package dev.rein.run.event;

import dev.rein.run.ToolExecution;

/** An event of one tool call. */
public sealed interface ToolEvent extends RunEvent permits ToolCallStarted, ToolCallCompleted, ToolCallError {

    /** The tool call as it was when the event happened. */
    ToolExecution tool();
}
