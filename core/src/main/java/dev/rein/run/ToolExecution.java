package dev.rein.run;

import dev.rein.model.ToolCall;
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
 * @param question what people are asked before it is called, or in its place; null for nothing
 * @param decision what they have decided; null when they were not asked, or have not yet
 */
public record ToolExecution(
        String toolCallId,
        String toolName,
        String arguments,
        @Nullable String result,
        boolean error,
        Instant startedAt,
        @Nullable Duration duration,
        @Nullable String childRunId,
        @Nullable Question question,
        @Nullable Decision decision) {

    /** A call that nobody is asked about. */
    public ToolExecution(
            String toolCallId,
            String toolName,
            String arguments,
            @Nullable String result,
            boolean error,
            Instant startedAt,
            @Nullable Duration duration,
            @Nullable String childRunId) {
        this(toolCallId, toolName, arguments, result, error, startedAt, duration, childRunId, null, null);
    }

    /** A call that begins now. */
    public static ToolExecution of(ToolCall call) {
        return new ToolExecution(call.id(), call.name(), call.arguments(), null, false, Instant.now(), null, null);
    }

    /** The same, beginning now. */
    public ToolExecution started() {
        return new ToolExecution(
                toolCallId,
                toolName,
                arguments,
                result,
                error,
                Instant.now(),
                duration,
                childRunId,
                question,
                decision);
    }

    /** The same, done. */
    public ToolExecution ended(String newResult, boolean isError, Duration took) {
        return new ToolExecution(
                toolCallId, toolName, arguments, newResult, isError, startedAt, took, childRunId, question, decision);
    }

    /** The same, with the first run that it started. */
    public ToolExecution withChild(String runId) {
        return new ToolExecution(
                toolCallId, toolName, arguments, result, error, startedAt, duration, runId, question, decision);
    }

    /** The same, with what people are asked. */
    public ToolExecution asking(Question newQuestion) {
        return new ToolExecution(
                toolCallId, toolName, arguments, result, error, startedAt, duration, childRunId, newQuestion, null);
    }

    /** The same, with what people have decided. */
    public ToolExecution decided(Decision newDecision) {
        return new ToolExecution(
                toolCallId, toolName, arguments, result, error, startedAt, duration, childRunId, question, newDecision);
    }
}
