package dev.rein.tools;

/** A tool of an MCP server says that it failed; the message is what it says. */
final class McpToolException extends Exception {
    private static final long serialVersionUID = 1L;

    McpToolException(String message) {
        super(message);
    }
}
