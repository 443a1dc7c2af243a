package dev.rein.run;

import org.jspecify.annotations.Nullable;

/** A run could not be started; none exists. The message says why and what to do. */
public final class RunRejectedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why a run was refused. */
    public enum Reason {
        /** {@link dev.rein.runtime.Runs#close()} was called. */
        CLOSED,
        /** A run of this id is live. */
        ID_LIVE,
        /** A run of this id is stored. */
        ID_USED,
        /** Too many background runs queue already; see {@link dev.rein.runtime.Runs#maxConcurrentRuns}. */
        QUEUE_FULL,
        /** Decisions were given to a run that waits for none, or not for these. */
        NOT_ASKED,
        /** The session runs already, and its policy is to refuse. */
        SESSION_BUSY,
        /** The store does not answer. */
        STORE_UNAVAILABLE,
        /** Too many threads of this component's tools were abandoned. */
        TOO_MANY_ABANDONED
    }

    private final Reason reason;

    public RunRejectedException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public RunRejectedException(Reason reason, String message) {
        this(reason, message, null);
    }

    public Reason reason() {
        return reason;
    }
}
