package dev.rein.model;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A model call that failed. The {@link Kind} tells what to do about it; the kernel retries those that {@link
 * #isRetryable() may pass}.
 */
public final class ModelException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What went wrong, and whether a second try may help. */
    public enum Kind {
        /** 400, 413, 422 and other refusals of the request itself. */
        BAD_REQUEST(false),
        /** 401: the key is missing or wrong. */
        AUTHENTICATION(false),
        /** 403: the key may not do this. */
        PERMISSION(false),
        /** 404: no such model or address. */
        NOT_FOUND(false),
        /** 429. */
        RATE_LIMIT(true),
        /** 5xx, and 408 and 409, which OpenAI's own clients retry too. */
        SERVER(true),
        /** The server can't be reached, or the connection broke. */
        CONNECTION(true),
        /** The answer can't be read. */
        MALFORMED(false);

        private final boolean retryable;

        Kind(boolean retryable) {
            this.retryable = retryable;
        }
    }

    private final Kind kind;
    private final int status;
    private final @Nullable String body;
    private final @Nullable Duration retryAfter;

    /**
     * @param status the HTTP status; 0 when there was none
     * @param body the provider's answer, cut to a readable length; null when there was none
     * @param retryAfter how long the provider asked to wait; null when it did not
     */
    public ModelException(
            Kind kind,
            String message,
            int status,
            @Nullable String body,
            @Nullable Duration retryAfter,
            @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.status = status;
        this.body = body;
        this.retryAfter = retryAfter;
    }

    public ModelException(Kind kind, String message) {
        this(kind, message, 0, null, null, null);
    }

    /** The kind that an HTTP status stands for. */
    public static Kind kindOf(int status) {
        return switch (status) {
            case 401 -> Kind.AUTHENTICATION;
            case 403 -> Kind.PERMISSION;
            case 404 -> Kind.NOT_FOUND;
            case 408, 409 -> Kind.SERVER;
            case 429 -> Kind.RATE_LIMIT;
            default -> status >= 500 ? Kind.SERVER : Kind.BAD_REQUEST;
        };
    }

    public Kind kind() {
        return kind;
    }

    public int status() {
        return status;
    }

    public @Nullable String body() {
        return body;
    }

    public @Nullable Duration retryAfter() {
        return retryAfter;
    }

    /** Whether the same request may succeed later. */
    public boolean isRetryable() {
        return kind.retryable;
    }
}
