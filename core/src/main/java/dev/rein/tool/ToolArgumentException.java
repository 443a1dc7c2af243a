package dev.rein.tool;

/** Thrown for invalid arguments of a tool call. The model receives the message, which names the value and what is valid. */
public final class ToolArgumentException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ToolArgumentException(String message) {
        super(message);
    }
}
