package dev.rein.print;

import dev.rein.cancel.CancelCause;
import dev.rein.cancel.CancelKind;
import dev.rein.cancel.CancelMode;
import dev.rein.model.FinishReason;
import dev.rein.model.Usage;
import dev.rein.run.ComponentKind;
import dev.rein.run.RunFailure;
import dev.rein.run.RunMetrics;
import dev.rein.run.StepOutput;
import dev.rein.run.StepRef;
import dev.rein.run.ToolExecution;
import dev.rein.run.event.EventMeta;
import dev.rein.run.event.ModelRequestCompleted;
import dev.rein.run.event.ModelRequestStarted;
import dev.rein.run.event.Origin;
import dev.rein.run.event.ParallelExecutionStarted;
import dev.rein.run.event.RunCancelled;
import dev.rein.run.event.RunCompleted;
import dev.rein.run.event.RunContent;
import dev.rein.run.event.RunError;
import dev.rein.run.event.RunEvent;
import dev.rein.run.event.RunStarted;
import dev.rein.run.event.StepCompleted;
import dev.rein.run.event.StepStarted;
import dev.rein.run.event.ToolCallCompleted;
import dev.rein.run.event.ToolCallStarted;
import dev.rein.run.event.WorkflowCompleted;
import dev.rein.run.event.WorkflowStarted;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Events of runs whose times are fixed: each is a second after the one before. */
final class Recording {
    private static final Instant START = Instant.parse("2026-01-01T12:00:00Z");

    final List<RunEvent> events = new ArrayList<>();

    static Origin root(ComponentKind kind, String name) {
        return new Origin(kind, "id", name, "run-1", null, "run-1", "session", 0, null);
    }

    static Origin member(Origin parent, String name) {
        return new Origin(
                ComponentKind.AGENT, name, name, "run-of-" + name, parent.runId(), "run-1", "session", 1, null);
    }

    static StepRef step(String name, @Nullable String parentId) {
        return new StepRef("id", "run-1", "step-" + name, name, List.of(0), parentId);
    }

    static Origin executor(String name, StepRef step) {
        return new Origin(ComponentKind.AGENT, name, name, "run-of-" + name, "run-1", "run-1", "session", 1, step);
    }

    Recording add(Origin origin, Function<EventMeta, RunEvent> event) {
        events.add(event.apply(new EventMeta(origin, events.size(), START.plusSeconds(events.size()))));
        return this;
    }

    Recording starts(Origin origin) {
        return origin.source() == ComponentKind.WORKFLOW
                ? add(origin, WorkflowStarted::new)
                : add(origin, meta -> new RunStarted(meta, "tiny", "Test"));
    }

    Recording asks(Origin origin) {
        return add(origin, meta -> new ModelRequestStarted(meta, "tiny", "Test"));
    }

    Recording says(Origin origin, String... texts) {
        for (var text : texts) {
            add(origin, meta -> new RunContent(meta, text, null));
        }
        return this;
    }

    Recording answered(Origin origin) {
        return add(
                origin,
                meta -> new ModelRequestCompleted(
                        meta, "tiny", "Test", Usage.of(1200, 34), null, FinishReason.STOP, null));
    }

    Recording calls(Origin origin, String id, String tool, String arguments) {
        return add(origin, meta -> new ToolCallStarted(meta, call(id, tool, arguments)));
    }

    Recording returns(Origin origin, String id, String tool, Duration took) {
        return add(
                origin, meta -> new ToolCallCompleted(meta, call(id, tool, "{}").ended("result", false, took)));
    }

    static ToolExecution call(String id, String tool, String arguments) {
        return new ToolExecution(id, tool, arguments, null, false, START, null, null);
    }

    Recording completed(Origin origin, String content) {
        return add(
                origin,
                meta -> origin.source() == ComponentKind.WORKFLOW
                        ? new WorkflowCompleted(meta, content, List.of(), metrics(), true)
                        : new RunCompleted(meta, content, metrics(), true));
    }

    static RunMetrics metrics() {
        return new RunMetrics(
                Usage.of(2400, 68), false, 2, 1, Duration.ofMillis(12_345), null, 0.1, Usage.of(2400, 68), 0.0123);
    }

    Recording cancelled(Origin origin, CancelKind kind, String content) {
        return add(
                origin,
                meta -> new RunCancelled(
                        meta,
                        new CancelCause(kind, "not needed", null, START),
                        CancelMode.NOW,
                        content,
                        Duration.ofMillis(7),
                        List.of(),
                        true));
    }

    Recording failed(Origin origin, String message) {
        return add(origin, meta -> new RunError(meta, new RunFailure("Error", message, null), "", true));
    }

    Recording step(Origin workflow, StepRef step) {
        return add(workflow, meta -> new StepStarted(meta, step));
    }

    Recording parallel(Origin workflow, StepRef step) {
        return add(workflow, meta -> new ParallelExecutionStarted(meta, step, 2));
    }

    Recording stepEnds(Origin workflow, StepRef step, String content) {
        return add(workflow, meta -> new StepCompleted(meta, step, StepOutput.of(content)));
    }
}
