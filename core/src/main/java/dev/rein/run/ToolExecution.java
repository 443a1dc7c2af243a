package dev.rein.run;

import dev.rein.model.ToolCall;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A tool call and its result. Immutable.
 *
 * @param toolCallId the id of the call, as given by the provider
 * @param toolName the name of the tool
 * @param arguments the arguments as the model wrote them: a JSON object
 * @param result the result for the model; null until the call ends
 * @param error whether the result is an error
 * @param startedAt when the call started
 * @param duration the duration of the call; null until it ends
 * @param childRunId the id of the first run that the call started, such as that of a member; null for none
 * @param question the question to people before the call, or in its place; null for none
 * @param decision the decision on the question; null for none so far
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

    /** Creates a call without a question. */
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

    /** Returns a call that starts now. */
    public static ToolExecution of(ToolCall call) {
        return new ToolExecution(call.id(), call.name(), call.arguments(), null, false, Instant.now(), null, null);
    }

    /** Returns a copy that starts now. */
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

    /** Returns a copy that has ended. */
    public ToolExecution ended(String newResult, boolean isError, Duration took) {
        return new ToolExecution(
                toolCallId, toolName, arguments, newResult, isError, startedAt, took, childRunId, question, decision);
    }

    /** Returns a copy with the id of the first run that it started. */
    public ToolExecution withChild(String runId) {
        return new ToolExecution(
                toolCallId, toolName, arguments, result, error, startedAt, duration, runId, question, decision);
    }

    /** Returns a copy with a question and without a decision. */
    public ToolExecution asking(Question newQuestion) {
        return new ToolExecution(
                toolCallId, toolName, arguments, result, error, startedAt, duration, childRunId, newQuestion, null);
    }

    /** Returns a copy with a decision. */
    public ToolExecution decided(Decision newDecision) {
        return new ToolExecution(
                toolCallId, toolName, arguments, result, error, startedAt, duration, childRunId, question, newDecision);
    }
}
