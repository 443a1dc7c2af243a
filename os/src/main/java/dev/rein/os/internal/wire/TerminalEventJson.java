package dev.rein.os.internal.wire;

import dev.rein.run.ComponentKind;
import dev.rein.run.RunFailure;
import dev.rein.run.RunMetrics;
import dev.rein.run.StepOutput;
import dev.rein.run.event.EventType;
import dev.rein.run.event.Origin;
import dev.rein.run.event.RunCancelled;
import dev.rein.run.event.RunCompleted;
import dev.rein.run.event.RunError;
import dev.rein.run.event.RunEvent;
import dev.rein.run.event.Terminal;
import dev.rein.run.event.WorkflowCancelled;
import dev.rein.run.event.WorkflowCompleted;
import dev.rein.run.event.WorkflowError;
import dev.rein.run.event.WorkflowPaused;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The keys of terminal events and of the event of a paused workflow. Not thread-safe. */
final class TerminalEventJson {
    private final ComponentCatalog catalog;
    private final RunLookup runs;

    TerminalEventJson(ComponentCatalog catalog, RunLookup runs) {
        this.catalog = catalog;
        this.runs = runs;
    }

    void fill(EventJson.Fields fields, Terminal event) {
        switch (event) {
            case RunCompleted e -> completed(fields, e, e.content(), e.metrics());
            case RunCancelled e -> {
                fields.flat.put(
                        "content", contentOrReason(e.content(), e.cause().reason()));
                fields.flat.put("reason", e.cause().reason());
            }
            case RunError e -> {
                fields.flat.put("content", e.failure().message());
                putType(fields, e.failure());
            }
            case WorkflowCompleted e -> completed(fields, e, e.content(), e.steps(), e.metrics());
            case WorkflowCancelled e -> {
                fields.flat.put("reason", e.cause().reason());
                fields.flat.put(
                        "content", contentOrReason(e.content(), e.cause().reason()));
            }
            case WorkflowError e -> {
                fields.flat.put("error", e.failure().message());
                putType(fields, e.failure());
            }
        }
    }

    /** Of a guardrail, clients know the names of the checks of the input and of the output. */
    private static void putType(EventJson.Fields fields, RunFailure failure) {
        if (failure.kind() != RunFailure.Kind.GUARDRAIL) {
            fields.flat.put("error_type", failure.type());
            return;
        }
        fields.flat.put(
                "error_type", failure.type().equals("InputCheckError") ? "input_check_error" : "output_check_error");
        fields.flat.put("error_id", failure.guardrail());
    }

    /** The name of the frame that follows this event, on which clients finish; null if none follows. */
    static @Nullable String nameAfter(RunEvent event) {
        return switch (event) {
            case RunCancelled e -> EventType.RUN_COMPLETED.wireName(e.source());
            case WorkflowCancelled e -> EventType.WORKFLOW_COMPLETED.wireName(e.source());
            default -> null;
        };
    }

    EventJson.Fields completedAfter(RunEvent event) {
        var fields = new EventJson.Fields();
        if (event instanceof RunCancelled e) {
            completed(fields, e, contentOrReason(e.content(), e.cause().reason()), null);
        } else if (event instanceof WorkflowCancelled e) {
            completed(fields, e, contentOrReason(e.content(), e.cause().reason()), e.steps(), null);
        }
        return fields;
    }

    private static String contentOrReason(String content, String reason) {
        return content.isEmpty() ? reason : content;
    }

    /** @param metrics the metrics; null to use those of the run */
    private void completed(EventJson.Fields fields, RunEvent event, String content, @Nullable RunMetrics metrics) {
        var origin = event.meta().origin();
        var run = runs.find(event.runId());
        putContent(fields, run, content);
        if (run != null && run.reasoning() != null) {
            fields.flat.put("reasoning_content", run.reasoning());
        }
        putFinishReason(fields, run);
        if (run != null && run.sessionState() != null) {
            fields.flat.set("session_state", WireJson.any(run.sessionState()));
        }
        if (run != null && (executesStep(origin) || !run.metadata().isEmpty())) {
            fields.nested.set("metadata", WireJson.any(run.metadata()));
        }
        if (run != null && !run.below().isEmpty() && origin.source() == ComponentKind.TEAM) {
            fields.nested.set("member_responses", new RunJson(catalog).below(run));
        }
        var figures = metrics != null || run == null ? metrics : run.metrics();
        fields.nested.set("metrics", WireValues.metrics(figures, catalog.model(origin.source(), origin.componentId())));
    }

    private static void putContent(EventJson.Fields fields, @Nullable RunView run, String content) {
        if (run == null) {
            fields.flat.put("content", content).put("content_type", "str");
        } else {
            run.putContent(fields.flat, content);
        }
    }

    private static void putFinishReason(EventJson.Fields fields, @Nullable RunView run) {
        if (run != null) {
            WireValues.putFinishReason(fields.flat, run.finishReason());
        }
    }

    private static boolean executesStep(Origin origin) {
        return origin.step() != null && origin.step().workflowRunId().equals(origin.parentRunId());
    }

    private void completed(
            EventJson.Fields fields,
            RunEvent event,
            String content,
            List<StepOutput> steps,
            @Nullable RunMetrics metrics) {
        var run = runs.find(event.runId());
        var json = new StepOutputJson(catalog, run == null ? RunLookup.NONE : run::find);
        var figures = metrics != null || run == null ? metrics : run.metrics();
        putContent(fields, run, content);
        putFinishReason(fields, run);
        fields.nested.set("metadata", run == null ? WireJson.object() : WireJson.any(run.metadata()));
        var all = fields.nested.putObject("metrics");
        all.set("steps", json.metricsByStep(steps));
        all.put("duration", figures == null ? null : WireValues.seconds(figures.duration()));
        fields.nested.set("step_results", json.all(steps));
        if (run != null && !run.below().isEmpty() && event instanceof WorkflowCompleted) {
            fields.nested.set("step_executor_runs", new RunJson(catalog).below(run));
        }
    }

    void paused(EventJson.Fields fields, WorkflowPaused e) {
        var run = runs.find(e.runId());
        fields.flat.put("status", "PAUSED");
        if (run == null) {
            fields.nested.set(
                    "step_requirements", new RequirementJson(catalog).ofSteps(e.requirements(), e.runId(), null));
            return;
        }
        var now = run.paused(e.requirements());
        var json = new RunJson(catalog);
        json.putPause(fields.flat, now);
        fields.nested.set("metadata", WireJson.any(run.metadata()));
        fields.nested.set(
                "step_results",
                new StepOutputJson(catalog, run::find)
                        .all(run.steps().stream().filter(StepOutput::success).toList()));
        fields.nested.set("step_executor_runs", json.below(run));
        json.putRequirements(fields.nested, now);
    }
}
