package dev.rein.workflow;

import org.jspecify.annotations.Nullable;

/** Thrown when a step has failed after its retries, and its workflow fails with it. */
public final class StepFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String stepName;

    public StepFailedException(String stepName, String message, @Nullable Throwable cause) {
        super("step \"" + stepName + "\" failed: " + message, cause);
        this.stepName = stepName;
    }

    /** The name of the step. */
    public String stepName() {
        return stepName;
    }
}
