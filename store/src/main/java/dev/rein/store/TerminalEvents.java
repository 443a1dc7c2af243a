package dev.rein.store;

import dev.rein.cancel.CancelMode;
import dev.rein.run.ComponentKind;
import dev.rein.run.RunFailure;
import dev.rein.run.RunStatus;
import dev.rein.run.event.EventMeta;
import dev.rein.run.event.Origin;
import dev.rein.run.event.RunCancelled;
import dev.rein.run.event.RunError;
import dev.rein.run.event.RunEvent;
import dev.rein.run.event.WorkflowCancelled;
import dev.rein.run.event.WorkflowError;
import dev.rein.session.StoredRun;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/** Makes the terminal event of a run that was ended by another process than its own. */
final class TerminalEvents {
    private TerminalEvents() {}

    static RunEvent of(StoredRun run, long index) {
        var at = Objects.requireNonNullElseGet(run.endedAt(), Instant::now);
        var origin = new Origin(
                run.source(),
                run.componentId(),
                null,
                run.runId(),
                run.parentRunId(),
                run.rootRunId(),
                run.sessionId(),
                run.parentRunId() == null ? 0 : 1,
                null);
        var meta = new EventMeta(origin, index, at);
        return run.status() == RunStatus.CANCELLED ? cancelled(run, meta) : failed(run, meta);
    }

    private static RunEvent cancelled(StoredRun run, EventMeta meta) {
        var cause = Objects.requireNonNull(run.cause());
        var mode = Objects.requireNonNullElse(run.effectiveMode(), CancelMode.NOW);
        var took = Duration.between(cause.requestedAt(), meta.createdAt());
        return run.source() == ComponentKind.WORKFLOW
                ? new WorkflowCancelled(meta, cause, mode, run.text(), run.steps(), took, List.of(), true)
                : new RunCancelled(meta, cause, mode, run.text(), took, List.of(), true);
    }

    private static RunEvent failed(StoredRun run, EventMeta meta) {
        var failure = Objects.requireNonNullElse(run.failure(), new RunFailure("Unknown", "unknown", null));
        return run.source() == ComponentKind.WORKFLOW
                ? new WorkflowError(meta, failure, run.text(), run.steps(), true)
                : new RunError(meta, failure, run.text(), true);
    }
}
