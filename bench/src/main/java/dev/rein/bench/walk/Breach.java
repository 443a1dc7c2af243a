package dev.rein.bench.walk;

import java.io.Serial;

/** A rule of the kernel was broken. The message says which one. */
final class Breach extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    Breach(String message) {
        super(message);
    }

    Breach(String message, Throwable cause) {
        super(message, cause);
    }
}
