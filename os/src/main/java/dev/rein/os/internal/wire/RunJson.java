package dev.rein.os.internal.wire;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.run.ComponentKind;
import dev.rein.run.RunStatus;
import dev.rein.run.StepOutput;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The full JSON of runs: RunOutput, TeamRunOutput and WorkflowRunOutput, without null values. Immutable. */
final class RunJson {
    private final ComponentCatalog catalog;

    RunJson(ComponentCatalog catalog) {
        this.catalog = catalog;
    }

    /** @param events the value of {@code events}; null for none */
    ObjectNode of(RunView run, @Nullable ArrayNode events) {
        return run.isWorkflow() ? ofWorkflow(run, events) : ofAgent(run, events);
    }

    // ---- agents and teams

    private ObjectNode ofAgent(RunView run, @Nullable ArrayNode events) {
        var isTeam = run.source() == ComponentKind.TEAM;
        var kind = isTeam ? "team" : "agent";
        var node = WireJson.object();
        node.put("run_id", run.runId());
        node.put(kind + "_id", run.componentId());
        WireValues.put(node, kind + "_name", run.name());
        WireValues.put(node, "session_id", run.sessionId());
        WireValues.put(node, "parent_run_id", run.parentRunId());
        WireValues.put(node, "user_id", run.userId());
        run.putContent(node, content(run));
        WireValues.put(node, "reasoning_content", run.reasoning());
        WireValues.putFinishReason(node, run.finishReason());
        if (run.model() != null) {
            node.put("model", run.model().id());
            node.put("model_provider", run.model().provider());
        }
        if (run.sessionState() != null) {
            node.set("session_state", WireJson.any(run.sessionState()));
        }
        node.put("created_at", WireValues.epoch(run.createdAt()));
        if (isTeam) {
            putStage(node, run);
            WireValues.put(node, "forked_from_run_id", run.forkedFrom());
            putEvents(node, events);
            putMetrics(node, run);
            node.put("status", run.wireStatus());
            WireValues.put(node, "workflow_step_id", run.stepId());
        } else {
            putStatus(node, run);
            WireValues.put(node, "forked_from_run_id", run.forkedFrom());
            WireValues.put(node, "workflow_step_id", run.stepId());
            putMetrics(node, run);
            putEvents(node, events);
        }
        node.set("messages", MessageJson.all(run));
        if (showsMetadata(run)) {
            node.set("metadata", WireJson.any(run.metadata()));
        }
        if (isTeam) {
            node.set("member_responses", below(run));
        }
        if (!run.tools().isEmpty()) {
            node.set("tools", ToolCallJson.of(run.tools()));
        }
        if (!run.requirements().isEmpty()) {
            node.set("requirements", new RequirementJson(catalog).ofRun(run.requirements(), run.runId()));
        }
        node.set("input", input(run));
        return node;
    }

    private static @Nullable String content(RunView run) {
        return run.status() == RunStatus.PAUSED ? RequirementJson.sentence(run.requirements()) : run.content();
    }

    /**
     * Workflows and the executors of their steps show their metadata even if empty; other runs only if they have some.
     */
    static boolean showsMetadata(RunView run) {
        return run.stepId() != null || run.isWorkflow() || !run.metadata().isEmpty();
    }

    private static ObjectNode input(RunView run) {
        var node = WireJson.object().put("input_content", run.input().text());
        if (!run.input().images().isEmpty()) {
            node.set("images", MediaJson.images(run.input().images()));
        }
        MediaJson.putFiles(node, run.input().files());
        return node;
    }

    /** The child runs in full, without their events. */
    ArrayNode below(RunView run) {
        var array = WireJson.array();
        run.below().forEach(each -> array.add(of(each, null)));
        return array;
    }

    private static void putMetrics(ObjectNode node, RunView run) {
        if (run.metrics() != null) {
            node.set("metrics", WireValues.metrics(run.metrics(), run.model()));
        }
    }

    private static void putEvents(ObjectNode node, @Nullable ArrayNode events) {
        if (events != null) {
            node.set("events", events);
        }
    }

    private static void putStatus(ObjectNode node, RunView run) {
        node.put("status", run.wireStatus());
        putStage(node, run);
    }

    private static void putStage(ObjectNode node, RunView run) {
        WireValues.put(node, "cancellation_stage", run.stage());
        var cancellation = cancellation(run);
        if (cancellation != null) {
            node.set("cancellation", cancellation);
        }
    }

    /** Who cancelled the run, why, how and when; an extension of Rein. Null if the run was not cancelled. */
    static @Nullable ObjectNode cancellation(RunView run) {
        var cause = run.cause();
        if (cause == null || run.status() != RunStatus.CANCELLED) {
            return null;
        }
        var node = WireJson.object();
        node.put("kind", cause.kind().name());
        node.put("reason", cause.reason());
        node.put("actor", cause.actor());
        node.put("mode", run.mode() == null ? null : run.mode().name());
        node.put("requested_at", WireValues.isoMillis(cause.requestedAt()));
        node.put("stopped_at", run.stoppedAt() == null ? null : WireValues.isoMillis(run.stoppedAt()));
        return node;
    }

    // ---- workflows

    private ObjectNode ofWorkflow(RunView run, @Nullable ArrayNode events) {
        var node = WireJson.object();
        var steps = new StepOutputJson(catalog, run::find);
        node.put("input", run.input().text());
        run.putContent(node, run.content());
        node.put("workflow_id", run.componentId());
        WireValues.put(node, "workflow_name", run.name());
        node.put("run_id", run.runId());
        WireValues.put(node, "session_id", run.sessionId());
        WireValues.put(node, "user_id", run.userId());
        WireValues.put(node, "parent_run_id", run.stepId() == null ? null : run.parentRunId());
        WireValues.put(node, "workflow_step_id", run.stepId());
        node.put("created_at", WireValues.epoch(run.createdAt()));
        putStatus(node, run);
        WireValues.putFinishReason(node, run.finishReason());
        putPause(node, run);
        node.set("metadata", WireJson.any(run.metadata()));
        if (run.status() == RunStatus.COMPLETED) {
            node.putArray("images");
            node.putArray("videos");
            node.putArray("audio");
            node.putArray("files");
        }
        if (!run.steps().isEmpty()) {
            node.set("step_results", steps.all(run.steps()));
        }
        if (!run.below().isEmpty()) {
            node.set("step_executor_runs", below(run));
        }
        node.set("metrics", metrics(run));
        putEvents(node, events);
        putRequirements(node, run);
        return node;
    }

    /** The metrics of a workflow; clients fail without {@code steps}. */
    ObjectNode metrics(RunView run) {
        var node = WireJson.object();
        node.set("steps", new StepOutputJson(catalog, run::find).metricsByStep(run.steps()));
        var metrics = run.metrics();
        node.put("duration", metrics == null ? null : WireValues.seconds(metrics.duration()));
        return node;
    }

    /** The step at which a workflow is paused. */
    void putPause(ObjectNode node, RunView run) {
        if (run.status() != RunStatus.PAUSED || run.requirements().isEmpty()) {
            return;
        }
        var first = Objects.requireNonNull(run.requirements().getFirst());
        if (first.step() != null) {
            node.put("paused_step_index", first.step().index().getFirst());
            node.put("paused_step_name", first.step().stepName());
        }
        node.put("pause_kind", RequirementJson.isExecutors(first, run.runId()) ? "executor" : "step");
    }

    void putRequirements(ObjectNode node, RunView run) {
        if (run.status() != RunStatus.PAUSED) {
            return;
        }
        var json = new RequirementJson(catalog);
        // The input of a later step includes the outputs of earlier ones, which are unknown here.
        var input = run.steps().stream().noneMatch(StepOutput::success)
                ? run.input().text()
                : null;
        node.set("step_requirements", json.ofSteps(run.requirements(), run.runId(), input));
        var errors = RequirementJson.ofErrors(run.requirements(), run.runId());
        if (!errors.isEmpty()) {
            node.set("error_requirements", errors);
        }
    }
}
