package dev.rein.cancel;

/**
 * Thrown inside a run that was cancelled, to leave its code. It need not be caught, and catching it does not continue the
 * run: nothing starts any more and return values are ignored. It has no stack trace, because thousands may be thrown at
 * once.
 */
public final class CancelledException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient CancelCause cause;
    private final String runId;

    public CancelledException(String runId, CancelCause cause) {
        super("Run " + runId + " was cancelled: " + cause.reason(), null, false, false);
        this.runId = runId;
        this.cause = cause;
    }

    public String runId() {
        return runId;
    }

    public CancelCause cancelCause() {
        return cause;
    }
}
