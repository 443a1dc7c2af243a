package dev.rein.tool;

/** A model called a tool with arguments that don't fit. The message says which, with the value, and what would fit. */
public final class ToolArgumentException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ToolArgumentException(String message) {
        super(message);
    }
}
