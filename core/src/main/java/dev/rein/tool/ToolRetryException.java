package dev.rein.tool;

import java.util.Objects;

/**
 * Thrown by a tool to have the model try again in another way. The model reads the message as the call's result, without the name of a class;
 * the call counts as failed. The tool is not called again by its {@link ToolRetries}.
 */
public final class ToolRetryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message what the model should do differently */
    public ToolRetryException(String message) {
        super(Objects.requireNonNull(message, "the message is null: give a text"));
    }
}
