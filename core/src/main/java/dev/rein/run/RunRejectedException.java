package dev.rein.run;

import org.jspecify.annotations.Nullable;

/** Thrown when a run cannot be started or resumed; no run was created. The message says why and what to do. */
public final class RunRejectedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The reasons for a rejection. */
    public enum Reason {
        /** {@link dev.rein.runtime.Runs#close()} was called. */
        CLOSED,
        /** A run with this id is live. */
        ID_LIVE,
        /** A run with this id is stored. */
        ID_USED,
        /** The queue of background runs is full; see {@link dev.rein.runtime.Runs#maxConcurrentRuns}. */
        QUEUE_FULL,
        /** The run does not wait for decisions, or not for these. */
        NOT_ASKED,
        /** The session has a live run, and its policy is REJECT. */
        SESSION_BUSY,
        /** The store is unavailable. */
        STORE_UNAVAILABLE,
        /** Too many threads of the component's tools were abandoned. */
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
