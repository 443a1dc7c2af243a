package dev.rein.tools.mcp;

/** A tool of an MCP server reported an error; the message is the server's. */
final class McpToolException extends Exception {
    private static final long serialVersionUID = 1L;

    McpToolException(String message) {
        super(message);
    }
}
