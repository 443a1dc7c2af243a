package dev.rein.internal.storing;

import dev.rein.cancel.Cancellation;
import dev.rein.text.PlainText;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the session of a run, and its earlier runs, before the run begins. */
public final class SessionLoader {
    private static final Logger log = LoggerFactory.getLogger(SessionLoader.class);

    private SessionLoader() {}

    /**
     * Reads a session. A cancellation of the run ends the wait.
     *
     * @param runId the run that needs it, for the log
     * @param atMost how long to wait for the store
     * @throws dev.rein.cancel.CancelledException if the run is stopped
     * @throws IllegalStateException if the store does not answer, and the run needs it
     */
    public static StoreWriter.Loaded load(
            StoragePolicy storing,
            String sessionId,
            StoreWriter.History history,
            String runId,
            Cancellation cancellation,
            Duration atMost)
            throws Exception {
        var reading = StoreWriter.of(storing.store()).load(storing.store(), sessionId, history);
        // Without interrupting the store's thread, which may be writing for another run.
        try (var _ = cancellation.onCancel(() -> reading.cancel(false))) {
            return reading.get(atMost.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException e) {
            cancellation.throwIfCancelled();
            if (storing.optional()) {
                log.warn("session {} could not be read; run {} starts without it", sessionId, runId, e);
                return new StoreWriter.Loaded(Optional.empty(), List.of());
            }
            throw new IllegalStateException("session " + sessionId + " could not be read: " + PlainText.message(e), e);
        }
    }
}
