package dev.rein.cli.client;

import org.jspecify.annotations.Nullable;

/** The server did not answer, or refused a request. The message names the server, the reason and what to do. */
final class ClientException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;

    ClientException(int status, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.status = status;
    }

    /** The HTTP status; 0 or less if there was no response. */
    int status() {
        return status;
    }
}
