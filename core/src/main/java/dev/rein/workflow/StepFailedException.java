package dev.rein.workflow;

import org.jspecify.annotations.Nullable;

/** A step has failed, its retries included, and its workflow with it. */
public final class StepFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String stepName;

    public StepFailedException(String stepName, String message, @Nullable Throwable cause) {
        super("step \"" + stepName + "\" failed: " + message, cause);
        this.stepName = stepName;
    }

    public String stepName() {
        return stepName;
    }
}
