package dev.rein.os.internal.http;

import dev.rein.cancel.CancelRequest;
import dev.rein.run.CancelResult;
import dev.rein.run.CancelResult.Outcome;
import dev.rein.run.RunStatus;
import dev.rein.runtime.Component;
import dev.rein.runtime.RunHandle;
import dev.rein.session.StoredRun;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Stops one run by its id, over whatever a client asks for it. Thread-safe. */
final class RunCanceller {
    private final RunService live;
    private final StoreAccess stored;

    RunCanceller(RunService live, StoreAccess stored) {
        this.live = live;
        this.stored = stored;
    }

    /**
     * What came of it.
     *
     * @param run the run, if this process has it
     */
    record Stopped(CancelResult result, @Nullable RunHandle run) {
        /** Where the run stands; null if that is not known. */
        @Nullable
        RunStatus status() {
            return run == null ? result.status() : run.status();
        }
    }

    /**
     * Stops a run of one of these components: one of this process, or one that the store has. When there is none, the stop
     * is kept for a run of that id that starts soon.
     *
     * @param session the session that it must be in; null for any
     * @return null if there is none
     */
    @Nullable
    Stopped stop(
            Collection<Component> components,
            String runId,
            @Nullable String session,
            Caller caller,
            CancelRequest request) {
        for (var component : components) {
            var run = live.find(runId, component.kind(), component, caller)
                    .filter(each ->
                            session == null || session.equals(each.output().sessionId()))
                    .orElse(null);
            if (run != null) {
                return new Stopped(component.cancel(runId, request), run);
            }
            var row = stored.run(component, runId, caller)
                    .filter(each -> session == null || session.equals(each.sessionId()));
            if (row.isPresent()) {
                return new Stopped(stop(component, row.get(), request), null);
            }
        }
        for (var component : components) {
            live.remember(component.kind(), component, caller.userId(), runId, request);
        }
        return null;
    }

    /** One that this process has not. */
    private static CancelResult stop(Component component, StoredRun row, CancelRequest request) {
        // Else the request would be kept for a run of this id that starts soon.
        return row.status().isTerminal()
                ? new CancelResult(
                        row.runId(), Outcome.ALREADY_FINISHED, row.status(), row.effectiveMode(), row.cause(), null)
                : component.cancel(row.runId(), request);
    }
}
