package dev.rein.run;

import dev.rein.cancel.CancelCause;
import dev.rein.text.PlainText;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Thrown by {@link RunOutput#orThrow()} for a run that has not completed. Its message says why and what to do; its cause is
 * the exception that the run failed with, if there is one in this process.
 */
public final class RunFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String runId;
    private final RunStatus status;
    private final transient @Nullable RunFailure failure;
    private final transient @Nullable CancelCause cancelCause;

    /** @param output the output of a run whose status is not COMPLETED */
    public RunFailedException(RunOutput output) {
        super(
                PlainText.line(message(output)),
                output.failure() == null ? null : output.failure().exception());
        runId = output.runId();
        status = output.status();
        failure = output.failure();
        cancelCause = output.cause();
    }

    private static String message(RunOutput output) {
        var failure = output.failure();
        var cause = output.cause();
        return "run " + output.runId() + " of " + output.componentId()
                + switch (output.status()) {
                    case ERROR ->
                        " failed"
                                + (failure == null ? "" : " with " + described(failure))
                                + (output.text().isEmpty() ? "" : " (the text so far is in RunOutput.text())");
                    case CANCELLED ->
                        " was cancelled"
                                + (cause == null ? "" : " (" + cause.kind() + "): " + cause.reason())
                                + "; run it again, or use the text so far in RunOutput.text()";
                    case PAUSED ->
                        " is paused and waits for "
                                + output.requirements().stream()
                                        .map(requirement -> requirement.kind() + " " + requirement.id() + " \""
                                                + requirement.message() + "\"")
                                        .collect(Collectors.joining(", "))
                                + "; answer with continueRun(runId, decisions)";
                    case PENDING, RUNNING, CANCELLING ->
                        " has not ended: it is " + output.status()
                                + "; wait for its end, for example with RunHandle.await()";
                    case COMPLETED -> throw new IllegalArgumentException("run " + output.runId() + " is COMPLETED");
                };
    }

    private static String described(RunFailure failure) {
        return failure.message().equals(failure.type()) ? failure.type() : failure.type() + ": " + failure.message();
    }

    public String runId() {
        return runId;
    }

    /** The status of the run; never COMPLETED. */
    public RunStatus status() {
        return status;
    }

    /** The failure; null unless the status is ERROR. Not serialized. */
    public @Nullable RunFailure failure() {
        return failure;
    }

    /** The cause of the stop; null unless the run was stopped. Not serialized. */
    public @Nullable CancelCause cancelCause() {
        return cancelCause;
    }
}
