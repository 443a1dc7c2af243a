package dev.rein.tool;

import java.util.Objects;

/**
 * Thrown by a tool to end the run of the agent or team that has called it: the model is not asked again, and the message is the answer of the run,
 * which is COMPLETED. Calls of the same response that have started end first; others are not started. To end a run as CANCELLED, use
 * {@link dev.rein.run.RunContext#cancel}.
 */
public final class StopRunException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param answer the answer of the run, and the result of the call in the history */
    public StopRunException(String answer) {
        super(Objects.requireNonNull(answer, "the answer is null: give a text"));
    }
}
