package dev.rein.runtime;

/** A subscriber was too slow, and events it had not read are gone. It may subscribe again from {@link #oldestIndex()}. */
public final class StreamExpiredException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String runId;
    private final long oldestIndex;

    public StreamExpiredException(String runId, long wanted, long oldestIndex) {
        super("stream_expired: event " + wanted + " of run " + runId + " is gone; the oldest kept is " + oldestIndex);
        this.runId = runId;
        this.oldestIndex = oldestIndex;
    }

    public String runId() {
        return runId;
    }

    public long oldestIndex() {
        return oldestIndex;
    }
}
