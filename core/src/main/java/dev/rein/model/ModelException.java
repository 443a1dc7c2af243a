package dev.rein.model;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when a model call fails. The {@link Kind} classifies the failure; the kernel retries those that are {@link
 * #isRetryable() retryable}.
 */
public final class ModelException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The kinds of failures. */
    public enum Kind {
        /** The request was rejected: 400, 413, 422 and others. Not retryable. */
        BAD_REQUEST(false),
        /** 401: the key is missing or invalid. Not retryable. */
        AUTHENTICATION(false),
        /** 403: the key lacks the permission. Not retryable. */
        PERMISSION(false),
        /** 404: the model or address does not exist. Not retryable. */
        NOT_FOUND(false),
        /** 429: too many requests. Retryable. */
        RATE_LIMIT(true),
        /** 5xx, and 408 and 409, which OpenAI's own clients retry too. Retryable. */
        SERVER(true),
        /** The server is unreachable, or the connection broke. Retryable. */
        CONNECTION(true),
        /** The response is unreadable. Not retryable. */
        MALFORMED(false),
        /** The response has neither text nor tool calls, or announces calls that are missing. Retryable. */
        EMPTY(true),
        /** The response ended before the answer was complete, so that it can't be used. Not retryable. */
        CUT_OFF(false);

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
     * Creates an exception for a failed call.
     *
     * @param status the HTTP status; 0 for none
     * @param body the body of the provider's response, cut to a readable length; null for none
     * @param retryAfter the delay that the provider requested; null for none
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

    /** Returns the kind of failure for an HTTP status. */
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

    /** The HTTP status; 0 for none. */
    public int status() {
        return status;
    }

    /** The body of the provider's response, cut to a readable length; null for none. */
    public @Nullable String body() {
        return body;
    }

    /** The delay that the provider requested; null for none. */
    public @Nullable Duration retryAfter() {
        return retryAfter;
    }

    /** Whether the same request may succeed later. */
    public boolean isRetryable() {
        return kind.retryable;
    }
}
