package dev.rein.run;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One call of a tool.
 *
 * @param toolCallId the provider's id of the call
 * @param toolName the tool's name
 * @param arguments a JSON object as the model wrote it
 * @param result what the model gets to read; null while it runs
 * @param error whether the result tells of an error
 * @param startedAt when it began
 * @param duration how long it took; null while it runs
 * @param childRunId the first run that it started, such as a member's; null for none
 */
public record ToolExecution(
        String toolCallId,
        String toolName,
        String arguments,
        @Nullable String result,
        boolean error,
        Instant startedAt,
        @Nullable Duration duration,
        @Nullable String childRunId) {

    /** The same, done. */
    public ToolExecution ended(String newResult, boolean isError, Duration took) {
        return new ToolExecution(
                toolCallId, toolName, arguments, newResult, isError, startedAt, took, childRunId);
    }

    /** The same, with the first run that it started. */
    public ToolExecution withChild(String runId) {
        return new ToolExecution(toolCallId, toolName, arguments, result, error, startedAt, duration, runId);
    }
}
