package dev.rein.os.internal.runs;

import dev.rein.cancel.CancelMode;
import dev.rein.cancel.CancelRequest;
import dev.rein.os.internal.route.Caller;
import dev.rein.run.CancelResult;
import dev.rein.run.CancelResult.Outcome;
import dev.rein.run.RunStatus;
import dev.rein.runtime.Component;
import dev.rein.runtime.RunHandle;
import dev.rein.session.StoredRun;
import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Cancels a run by its id, for HTTP and WebSocket alike. Thread-safe. */
public final class RunCanceller {
    private final RunService runs;
    private final StoreAccess stored;

    public RunCanceller(RunService runs, StoreAccess stored) {
        this.runs = runs;
        this.stored = stored;
    }

    /**
     * Creates a cancel request.
     *
     * @param mode the name of the mode, case-insensitive; null for {@link CancelMode#NOW}
     * @param reason the reason; null for none
     * @param seenUpTo the index of the last event that the user has seen; null if unknown, below 0 for none
     * @param channel the actor if the caller has no user id
     * @throws IllegalArgumentException if there is no such mode
     */
    public static CancelRequest request(
            @Nullable String mode, @Nullable String reason, @Nullable Long seenUpTo, Caller caller, String channel) {
        var request =
                CancelRequest.of(mode == null ? CancelMode.NOW : CancelMode.valueOf(mode.toUpperCase(Locale.ROOT)));
        if (seenUpTo != null) {
            request = request.seenUpTo(Math.max(seenUpTo, -1));
        }
        var actor = caller.userId();
        return (reason == null ? request : request.reason(reason)).actor(actor == null ? channel : actor);
    }

    /**
     * The result of a cancel.
     *
     * @param run the run if it belongs to this process, or null
     */
    public record Cancelled(CancelResult result, @Nullable RunHandle run) {
        /** The run's current status; null if unknown. */
        @Nullable
        public RunStatus status() {
            return run == null ? result.status() : run.status();
        }
    }

    /**
     * Cancels a run of one of these components, of this process or of the store. If there is none, the request is kept
     * for a run that starts soon with this id.
     *
     * @param session the session that the run must belong to; null for any
     * @return null if there is no such run
     */
    @Nullable
    public Cancelled cancel(
            Collection<Component> components,
            String runId,
            @Nullable String session,
            Caller caller,
            CancelRequest request) {
        for (var component : components) {
            var run = runs.find(runId, component.kind(), component, caller)
                    .filter(each ->
                            session == null || session.equals(each.output().sessionId()))
                    .orElse(null);
            if (run != null) {
                return new Cancelled(run.cancel(inEvents(request, run, component)), run);
            }
            var row = stored.run(component, runId, caller)
                    .filter(each -> session == null || session.equals(each.sessionId()));
            if (row.isPresent()) {
                return new Cancelled(cancel(component, row.get(), inEvents(request, row.get(), component)), null);
            }
        }
        for (var component : components) {
            var started = runs.cancelLater(component, runId, session, caller, request);
            if (started != null) {
                return started;
            }
        }
        return null;
    }

    /** The request with the index of the last event that the user has seen, instead of that of its frame. */
    private CancelRequest inEvents(CancelRequest request, RunHandle run, Component component) {
        var seen = request.seenUpTo();
        if (seen == null || seen < 0) {
            return request;
        }
        try {
            return request.seenUpTo(
                    FrameNumbers.afterFrame(run, seen, stored.of(component)).after());
        } catch (RuntimeException e) {
            // The frame is no longer in memory and the store has no events or is unavailable. The run is stopped all
            // the same; no text
            // is cut that the user may have seen.
            return request.seenUpTo(Long.MAX_VALUE);
        }
    }

    private CancelRequest inEvents(CancelRequest request, StoredRun run, Component component) {
        var seen = request.seenUpTo();
        return seen == null || seen < 0
                ? request
                : request.seenUpTo(
                        FrameNumbers.afterFrame(run, seen, stored.of(component)).after());
    }

    /** Cancels a run of another process. */
    private static CancelResult cancel(Component component, StoredRun row, CancelRequest request) {
        // Otherwise the request would be kept for a later run with this id.
        return row.status().isTerminal()
                ? new CancelResult(
                        row.runId(), Outcome.ALREADY_FINISHED, row.status(), row.effectiveMode(), row.cause(), null)
                : component.cancel(row.runId(), request);
    }
}
