package dev.rein.store;

import org.jspecify.annotations.Nullable;

/** The database can't be opened, failed, or refused a statement. Trying again may help. */
public final class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StoreException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
