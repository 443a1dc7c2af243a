package dev.rein.cancel;

/**
 * Thrown inside a run to leave it, because it was stopped. Nobody needs to catch it, and catching it changes nothing: a
 * stopped run starts nothing and its values are not used. Carries no stack trace, because thousands may be thrown at once.
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
