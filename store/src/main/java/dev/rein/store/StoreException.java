package dev.rein.store;

import org.jspecify.annotations.Nullable;

/** The database can't be opened, or did not do what it was asked to. Trying again may help. */
public final class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StoreException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
