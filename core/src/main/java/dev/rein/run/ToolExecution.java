package dev.rein.run;

import dev.rein.model.ToolCall;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
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
 * @param stopsRun whether the result is the answer of the run, because the tool has thrown a {@link dev.rein.tool.StopRunException}
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
        @Nullable Decision decision,
        boolean stopsRun) {

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
        this(toolCallId, toolName, arguments, result, error, startedAt, duration, childRunId, null, null, false);
    }

    /** Returns a call that starts now. */
    public static ToolExecution of(ToolCall call) {
        return new ToolExecution(call.id(), call.name(), call.arguments(), null, false, Instant.now(), null, null);
    }

    /** Returns a copy that starts now. */
    public ToolExecution started() {
        return with(copy -> copy.startedAt = Instant.now());
    }

    /** Returns a copy that has ended. */
    public ToolExecution ended(String newResult, boolean isError, Duration took) {
        return with(copy -> {
            copy.result = newResult;
            copy.error = isError;
            copy.duration = took;
        });
    }

    /** Returns a copy with another text in place of the result. */
    public ToolExecution withResult(String newResult) {
        return with(copy -> copy.result = newResult);
    }

    /** Returns a copy whose result is the answer of the run. */
    public ToolExecution stoppingRun() {
        return with(copy -> copy.stopsRun = true);
    }

    /** Returns a copy with the id of the first run that it started. */
    public ToolExecution withChild(String runId) {
        return with(copy -> copy.childRunId = runId);
    }

    /** Returns a copy with a question and without a decision. */
    public ToolExecution asking(Question newQuestion) {
        return with(copy -> {
            copy.question = newQuestion;
            copy.decision = null;
        });
    }

    /** Returns a copy with a decision. */
    public ToolExecution decided(Decision newDecision) {
        return with(copy -> copy.decision = newDecision);
    }

    private ToolExecution with(Consumer<Copy> change) {
        var copy = new Copy(this);
        change.accept(copy);
        return copy.call();
    }

    /** The mutable components of a copy. */
    private static final class Copy {
        private String toolCallId;
        private String toolName;
        private String arguments;
        private @Nullable String result;
        private boolean error;
        private Instant startedAt;
        private @Nullable Duration duration;
        private @Nullable String childRunId;
        private @Nullable Question question;
        private @Nullable Decision decision;
        private boolean stopsRun;

        Copy(ToolExecution call) {
            toolCallId = call.toolCallId;
            toolName = call.toolName;
            arguments = call.arguments;
            result = call.result;
            error = call.error;
            startedAt = call.startedAt;
            duration = call.duration;
            childRunId = call.childRunId;
            question = call.question;
            decision = call.decision;
            stopsRun = call.stopsRun;
        }

        ToolExecution call() {
            return new ToolExecution(
                    toolCallId,
                    toolName,
                    arguments,
                    result,
                    error,
                    startedAt,
                    duration,
                    childRunId,
                    question,
                    decision,
                    stopsRun);
        }
    }
}
