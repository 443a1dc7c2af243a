package dev.rein.tools.mcp;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A request has not been received by the server, so it has no effects and may be repeated. */
final class NotSentException extends IOException {
    private static final long serialVersionUID = 1L;

    NotSentException(@Nullable String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
