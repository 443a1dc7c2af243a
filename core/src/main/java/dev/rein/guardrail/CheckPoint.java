package dev.rein.guardrail;

/** Where a guardrail checks. */
public enum CheckPoint {
    /** The message of the user with its parts, before anything else sees it. */
    INPUT,
    /** The text and the reasoning of the model, before anybody else sees it. */
    OUTPUT,
    /** The arguments of a tool call, as JSON, before the tool is called. */
    TOOL_ARGUMENTS,
    /** The result or the error of a tool call, before the model reads it. */
    TOOL_RESULT
}
