package dev.rein.run;

import dev.rein.model.Usage;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Observes runs: counts, measures, logs, bills. Registered with a component's builder for its runs and all runs below them, or with
 * {@code Runs} for every run.
 *
 * <p>A listener costs the runs nothing. It is notified on a thread of its own, in the order in which things happened, a moment
 * after they did: never under a lock, never on the way of a stop. What it throws is logged. While it hangs, up to 10,000
 * notifications wait for it; later ones are dropped, and the log says how many.
 *
 * <p>To run code <em>around</em> a call, on the thread that makes it, use a {@link CallInterceptor}.
 */
public interface RunListener {

    /** How a model request or a tool call has ended. */
    enum Outcome {
        COMPLETED,
        FAILED,
        /** Its run, or it alone, was stopped meanwhile. */
        CANCELLED
    }

    /** A run has begun to work; of one that was stopped before, right before its end. */
    default void runStarted(RunInfo run) {}

    /**
     * A run has ended: completed, cancelled or failed. The output of one that was stopped says why ({@link RunOutput#cause()}),
     * how long that took ({@link RunOutput#stopTook()}) and which threads were abandoned ({@link RunOutput#abandoned()}).
     */
    default void runEnded(RunInfo run, RunOutput output) {}

    /** A request to a model has ended; each retry and each fallback is a request of its own. */
    default void modelRequestEnded(RunInfo run, ModelRequest request) {}

    /** A tool call has ended. Not notified of calls that were refused before their tool was called. */
    default void toolCallEnded(RunInfo run, ToolCall call) {}

    /**
     * A request to a model.
     *
     * @param model the model's id
     * @param provider who serves it
     * @param startedAt when it was made
     * @param took from then to its end
     * @param timeToFirstToken from then to the first text, reasoning or tool call; null when none came
     * @param usage the tokens that the provider has reported; null when it has not
     * @param finishReason why the response ended, in the provider's word; null when unknown
     * @param outcome how it ended
     * @param failure why it failed; null unless it did
     */
    record ModelRequest(
            String model,
            String provider,
            Instant startedAt,
            Duration took,
            @Nullable Duration timeToFirstToken,
            @Nullable Usage usage,
            @Nullable String finishReason,
            Outcome outcome,
            @Nullable RunFailure failure) {}

    /**
     * A tool call.
     *
     * @param toolCallId the provider's id of the call
     * @param toolName the tool
     * @param startedAt when it was called
     * @param took from then to its end
     * @param outcome how it ended
     * @param failure what the tool threw; null unless it failed
     */
    record ToolCall(
            String toolCallId,
            String toolName,
            Instant startedAt,
            Duration took,
            Outcome outcome,
            @Nullable RunFailure failure) {}
}
