package dev.rein.run;

import dev.rein.cancel.CancelCause;
import dev.rein.model.FinishReason;
import dev.rein.model.Usage;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An observer of runs, for metrics, logs or billing. Registered with a component's builder for its runs and all runs
 * below them, or with {@code Runs} for every run.
 *
 * <p>A listener does not delay runs. It is notified on a separate thread, in the order of the events and shortly after
 * them, never under a lock. Exceptions are logged. While a listener blocks, up to 10,000 notifications wait for it;
 * further ones are dropped, and their number is logged.
 *
 * <p>To run code <em>around</em> a call, on the thread that makes it, use a {@link CallInterceptor}.
 */
public interface RunListener {

    /** The outcome of a model request or a tool call. */
    enum Outcome {
        COMPLETED,
        FAILED,
        /** The call or its run was stopped. */
        CANCELLED
    }

    /** A run has started to work. For a run that was stopped before, this is called right before its end. */
    default void runStarted(RunInfo run) {}

    /**
     * A run has completed, was cancelled or has failed. The output of a cancelled run has the cause ({@link
     * RunOutput#cause()}), the duration of the stop ({@link RunOutput#stopTook()}) and the abandoned threads ({@link
     * RunOutput#abandoned()}).
     */
    default void runEnded(RunInfo run, RunOutput output) {}

    /**
     * A run waits for people, or a run below it does and nothing else goes on. It may be resumed before this is called, and pause again.
     *
     * @param at when it was paused
     */
    default void runPaused(RunInfo run, Instant at) {}

    /**
     * This process has ended a run of another process, which had died. Listeners of all runs are notified, those of a component
     * are not: which listeners the run had is not known here, nor are its component's name and its step.
     *
     * @param status CANCELLED if somebody had requested that, otherwise ERROR
     * @param cause the cause of the cancellation; null for ERROR
     */
    default void lostRunEnded(RunInfo run, RunStatus status, @Nullable CancelCause cause) {}

    /** A model request has ended. Each retry and each fallback is a separate request. */
    default void modelRequestEnded(RunInfo run, ModelRequest request) {}

    /** A tool call has ended. Not called for calls that were rejected before their tool was called. */
    default void toolCallEnded(RunInfo run, ToolCall call) {}

    /**
     * A guardrail has checked a text, for an output each sentence of it. The checked text is not part of the notification. Not called
     * for checks that were stopped.
     */
    default void guardrailChecked(RunInfo run, GuardrailCheck check) {}

    /** The outcome of a check of a guardrail. */
    enum CheckOutcome {
        PASSED,
        REWRITTEN,
        REFUSED,
        /** The check has thrown or has taken too long. */
        FAILED
    }

    /**
     * A check of a guardrail.
     *
     * @param guardrail the name of the guardrail
     * @param point where it has checked: INPUT, OUTPUT, TOOL_ARGUMENTS or TOOL_RESULT
     * @param toolName the name of the tool; null unless the check was about a tool call
     * @param startedAt when the check began
     * @param took the time from then to the verdict
     * @param outcome the outcome
     * @param reason the reason for a refusal or a failure; null otherwise
     */
    record GuardrailCheck(
            String guardrail,
            String point,
            @Nullable String toolName,
            Instant startedAt,
            Duration took,
            CheckOutcome outcome,
            @Nullable String reason) {}

    /**
     * A request to a model.
     *
     * @param model the id of the model
     * @param provider the model's provider
     * @param startedAt when the request was sent
     * @param took the time from then to the end of the request
     * @param timeToFirstToken the time from then to the first text, reasoning or tool call; null if there was none
     * @param usage the tokens counted by the provider; null if it sent no count
     * @param finishReason why the response ended; null if there was no complete response
     * @param rawFinishReason the reason in the provider's words; null when unknown
     * @param outcome the outcome
     * @param failure the failure; null unless the outcome is FAILED
     */
    record ModelRequest(
            String model,
            String provider,
            Instant startedAt,
            Duration took,
            @Nullable Duration timeToFirstToken,
            @Nullable Usage usage,
            @Nullable FinishReason finishReason,
            @Nullable String rawFinishReason,
            Outcome outcome,
            @Nullable RunFailure failure) {}

    /**
     * A tool call.
     *
     * @param toolCallId the id of the call, as given by the provider
     * @param toolName the name of the tool
     * @param startedAt when the tool was called
     * @param took the time from then to the end of the call
     * @param outcome the outcome
     * @param failure the exception of the tool; null unless the outcome is FAILED
     */
    record ToolCall(
            String toolCallId,
            String toolName,
            Instant startedAt,
            Duration took,
            Outcome outcome,
            @Nullable RunFailure failure) {}
}
