package dev.rein.tools.mcp;

/** An MCP server reported an error; the message is the server's. */
final class McpToolException extends Exception {
    private static final long serialVersionUID = 1L;
    private static final int UNKNOWN_METHOD = -32_601;

    private final int code;

    McpToolException(String message) {
        this(message, 0);
    }

    /** @param code of JSON-RPC; 0 for none */
    McpToolException(String message, int code) {
        super(message);
        this.code = code;
    }

    boolean isUnknownMethod() {
        return code == UNKNOWN_METHOD;
    }
}
