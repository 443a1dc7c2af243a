package dev.rein.runtime;

/**
 * Thrown when a subscriber was too slow and unread events were dropped. It may subscribe again from {@link
 * #oldestIndex()}.
 */
public final class StreamExpiredException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String runId;
    private final long oldestIndex;

    public StreamExpiredException(String runId, long wanted, long oldestIndex) {
        super("stream_expired: event " + wanted + " of run " + runId + " was dropped; the oldest available event is "
                + oldestIndex);
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
