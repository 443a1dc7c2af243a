package dev.rein.tools.mcp.oauth;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** There is no token for an MCP server. The message says why and what to do, and contains no secret. */
public final class OAuthException extends IOException {
    private static final long serialVersionUID = 1L;

    public OAuthException(String message) {
        this(message, null);
    }

    public OAuthException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
