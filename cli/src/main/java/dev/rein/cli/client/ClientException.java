package dev.rein.cli.client;

import org.jspecify.annotations.Nullable;

/** The server did not answer, or refused; the message says where, why, and the way out. */
final class ClientException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;

    ClientException(int status, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.status = status;
    }

    /** Of the answer; 0 if there was none. */
    int status() {
        return status;
    }
}
