package dev.rein.os.internal.wire;

import dev.rein.cancel.CancelMode;
import dev.rein.model.Usage;
import dev.rein.run.RunMetrics;
import dev.rein.run.ToolExecution;
import dev.rein.run.event.EventMeta;
import dev.rein.run.event.Origin;
import dev.rein.run.event.RunCancelled;
import dev.rein.run.event.RunCompleted;
import dev.rein.run.event.RunError;
import dev.rein.run.event.RunEvent;
import dev.rein.run.event.RunStarted;
import dev.rein.run.event.Source;
import dev.rein.run.event.ToolCallCompleted;
import dev.rein.run.event.ToolCallStarted;
import dev.rein.run.event.WorkflowCancelled;
import dev.rein.run.event.WorkflowCompleted;
import dev.rein.run.event.WorkflowError;
import dev.rein.run.event.WorkflowStarted;
import dev.rein.session.StoredRun;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The events of a run of which only its row is left, as far as the row tells them: its beginning, its tool calls, its end. Its
 * text, as in every replay, is that of the end.
 */
final class StoredEvents {
    private static final RunMetrics NO_METRICS =
            new RunMetrics(Usage.NONE, false, 0, 0, Duration.ZERO, null, null, Usage.NONE, null);

    private final StoredRun run;
    private final Origin origin;
    private final Catalog catalog;
    private final List<RunEvent> events = new ArrayList<>();

    private StoredEvents(StoredRun run, Catalog catalog) {
        this.run = run;
        this.catalog = catalog;
        this.origin = new Origin(
                run.source(),
                run.componentId(),
                catalog.name(run.source(), run.componentId()),
                run.runId(),
                run.parentRunId(),
                run.rootRunId(),
                run.sessionId(),
                run.parentRunId() == null ? 0 : 1,
                null);
    }

    static List<RunEvent> of(StoredRun run, Catalog catalog) {
        var made = new StoredEvents(run, catalog);
        made.begin();
        made.callTools();
        made.end();
        return made.events;
    }

    private EventMeta meta(@Nullable Instant at) {
        return new EventMeta(origin, events.size(), at == null ? run.createdAt() : at);
    }

    private void begin() {
        if (run.source() == Source.WORKFLOW) {
            events.add(new WorkflowStarted(meta(null)));
        } else {
            var model = catalog.model(run.source(), run.componentId());
            events.add(
                    new RunStarted(meta(null), model == null ? "" : model.id(), model == null ? "" : model.provider()));
        }
    }

    private void callTools() {
        for (var tool : run.tools()) {
            events.add(new ToolCallStarted(meta(tool.startedAt()), begun(tool)));
            if (tool.result() != null) {
                events.add(new ToolCallCompleted(meta(tool.startedAt()), tool));
            }
        }
    }

    /** As it was when it began. */
    private static ToolExecution begun(ToolExecution tool) {
        return new ToolExecution(
                tool.toolCallId(),
                tool.toolName(),
                tool.arguments(),
                null,
                false,
                tool.startedAt(),
                null,
                null,
                tool.question(),
                tool.decision());
    }

    private void end() {
        switch (run.status()) {
            case COMPLETED -> completed(meta(run.endedAt()), Objects.requireNonNullElse(run.metrics(), NO_METRICS));
            case CANCELLED -> cancelled(meta(run.endedAt()));
            case ERROR -> failed(meta(run.endedAt()));
            default -> {}
        }
    }

    private void completed(EventMeta meta, RunMetrics metrics) {
        events.add(
                run.source() == Source.WORKFLOW
                        ? new WorkflowCompleted(meta, run.text(), run.steps(), metrics, true)
                        : new RunCompleted(meta, run.text(), metrics, true));
    }

    private void cancelled(EventMeta meta) {
        var cause = Objects.requireNonNull(run.cause());
        var mode = Objects.requireNonNullElse(run.effectiveMode(), CancelMode.NOW);
        var took = run.endedAt() == null ? Duration.ZERO : Duration.between(cause.requestedAt(), run.endedAt());
        events.add(
                run.source() == Source.WORKFLOW
                        ? new WorkflowCancelled(meta, cause, mode, run.text(), run.steps(), took, List.of(), true)
                        : new RunCancelled(meta, cause, mode, run.text(), took, List.of(), true));
    }

    private void failed(EventMeta meta) {
        var failure = Objects.requireNonNull(run.failure());
        events.add(
                run.source() == Source.WORKFLOW
                        ? new WorkflowError(meta, failure, run.text(), run.steps(), true)
                        : new RunError(meta, failure, run.text(), true));
    }
}
