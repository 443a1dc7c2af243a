package dev.rein.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.cancel.CancelCause;
import dev.rein.cancel.CancelKind;
import dev.rein.cancel.CancelMode;
import dev.rein.model.Usage;
import dev.rein.run.ComponentKind;
import dev.rein.run.Requirement;
import dev.rein.run.RunFailure;
import dev.rein.run.RunMetrics;
import dev.rein.run.StepOutput;
import dev.rein.run.StepRef;
import dev.rein.run.ToolExecution;
import dev.rein.run.event.ConditionExecutionStarted;
import dev.rein.run.event.CustomEvent;
import dev.rein.run.event.EventMeta;
import dev.rein.run.event.LoopIterationStarted;
import dev.rein.run.event.ModelRequestCompleted;
import dev.rein.run.event.ModelRequestFailed;
import dev.rein.run.event.ModelRequestStarted;
import dev.rein.run.event.Origin;
import dev.rein.run.event.ParallelExecutionStarted;
import dev.rein.run.event.RouterExecutionStarted;
import dev.rein.run.event.RunCancelled;
import dev.rein.run.event.RunCompleted;
import dev.rein.run.event.RunContent;
import dev.rein.run.event.RunContentCompleted;
import dev.rein.run.event.RunError;
import dev.rein.run.event.RunEvent;
import dev.rein.run.event.RunPaused;
import dev.rein.run.event.RunStarted;
import dev.rein.run.event.StepCompleted;
import dev.rein.run.event.StepError;
import dev.rein.run.event.StepStarted;
import dev.rein.run.event.ToolCallCompleted;
import dev.rein.run.event.ToolCallError;
import dev.rein.run.event.ToolCallStarted;
import dev.rein.run.event.WorkflowCancelled;
import dev.rein.run.event.WorkflowCompleted;
import dev.rein.run.event.WorkflowError;
import dev.rein.run.event.WorkflowPaused;
import dev.rein.run.event.WorkflowStarted;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The events of a run from the frames of a server, as far as they are printed. A server may leave out any field. Not thread-safe. */
final class FrameEvents {
    private final Set<String> cancelled = new HashSet<>();
    private Usage used = Usage.NONE;
    private @Nullable Double cost;
    private Duration duration = Duration.ZERO;

    /** @return null for a frame that is not printed */
    @Nullable
    RunEvent of(EventFrame frame) {
        var meta = new EventMeta(
                origin(frame),
                frame.data().path("event_index").asLong(),
                Instant.ofEpochSecond(frame.data().path("created_at").asLong()));
        return switch (frame.plainEvent()) {
            case "RunStarted" -> new RunStarted(meta, text(frame, "model"), text(frame, "model_provider"));
            case "WorkflowStarted" -> new WorkflowStarted(meta);
            case "RunContent" -> new RunContent(meta, text(frame, "content"), frame.field("reasoning_content"));
            case "RunContentCompleted" -> new RunContentCompleted(meta);
            case "ModelRequestStarted" ->
                new ModelRequestStarted(meta, text(frame, "model"), text(frame, "model_provider"));
            case "ModelRequestCompleted" -> requestCompleted(meta, frame);
            case "ToolCallStarted" -> new ToolCallStarted(meta, tool(frame));
            case "ToolCallCompleted" -> new ToolCallCompleted(meta, tool(frame));
            case "ToolCallError" -> new ToolCallError(meta, tool(frame), text(frame, "error"));
            case "CustomEvent" -> custom(meta, frame);
            case "RunPaused" -> new RunPaused(meta, requirements(frame, meta));
            case "WorkflowPaused" -> new WorkflowPaused(meta, requirements(frame, meta));
            case "RunCompleted", "WorkflowCompleted" -> completed(meta, frame);
            case "RunCancelled", "WorkflowCancelled" -> cancelled(meta, frame);
            case "RunError" -> new RunError(meta, failure(frame, "content"), "", true);
            case "WorkflowError" -> new WorkflowError(meta, failure(frame, "error"), "", List.of(), true);
            default -> stepEvent(meta, frame);
        };
    }

    private static @Nullable RunEvent stepEvent(EventMeta meta, EventFrame frame) {
        var data = frame.data();
        var step = step(frame, meta.origin().runId());
        return switch (frame.plainEvent()) {
            case "StepStarted" -> new StepStarted(meta, step);
            case "StepCompleted" -> new StepCompleted(meta, step, StepOutput.of(text(frame, "content")));
            case "StepError" -> new StepError(meta, step, text(frame, "error"), 1, false);
            case "ParallelExecutionStarted" ->
                new ParallelExecutionStarted(
                        meta, step, data.path("parallel_step_count").asInt());
            case "LoopIterationStarted" ->
                new LoopIterationStarted(
                        meta,
                        step,
                        data.path("iteration").asInt(),
                        data.path("max_iterations").asInt());
            case "ConditionExecutionStarted" ->
                new ConditionExecutionStarted(
                        meta, step, data.path("condition_result").asBoolean());
            case "RouterExecutionStarted" -> {
                var selected = new ArrayList<String>();
                data.path("selected_steps").forEach(each -> selected.add(each.asText()));
                yield new RouterExecutionStarted(meta, step, selected);
            }
            default -> null;
        };
    }

    private RunEvent requestCompleted(EventMeta meta, EventFrame frame) {
        var usage = usage(frame.data());
        used = used.plus(usage);
        return new ModelRequestCompleted(
                meta, text(frame, "model"), text(frame, "model_provider"), usage, null, null, null);
    }

    private static Usage usage(JsonNode node) {
        return Usage.of(
                node.path("input_tokens").asLong(), node.path("output_tokens").asLong());
    }

    private static RunEvent custom(EventMeta meta, EventFrame frame) {
        var data = frame.data();
        return data.has("retry_in")
                ? new ModelRequestFailed(
                        meta,
                        text(frame, "model"),
                        text(frame, "error"),
                        data.path("attempt").asInt(),
                        text(frame, "next_model"),
                        seconds(data.path("retry_in")))
                : new CustomEvent(meta, text(frame, "name"), Map.of());
    }

    private @Nullable RunEvent completed(EventMeta meta, EventFrame frame) {
        var metrics = frame.data().path("metrics");
        if (metrics.has("cost")) {
            cost = metrics.path("cost").asDouble() + (cost == null ? 0 : cost);
        }
        if (meta.origin().parentRunId() == null) {
            duration = seconds(metrics.path("duration"));
        }
        if (cancelled.contains(meta.origin().runId())) {
            // Follows the end of a cancelled run for older clients.
            return null;
        }
        var content = text(frame, "content");
        return frame.plainEvent().equals("RunCompleted")
                ? new RunCompleted(meta, content, totals(), true)
                : new WorkflowCompleted(meta, content, List.of(), totals(), true);
    }

    private RunEvent cancelled(EventMeta meta, EventFrame frame) {
        cancelled.add(meta.origin().runId());
        var reason = text(frame, "reason");
        var kind = meta.origin().parentRunId() == null ? CancelKind.USER : CancelKind.PARENT;
        var cause = new CancelCause(kind, reason, null, meta.createdAt());
        // Where there is no text, the server sends the reason.
        var content = text(frame, "content").equals(reason) ? "" : text(frame, "content");
        return frame.plainEvent().equals("RunCancelled")
                ? new RunCancelled(meta, cause, CancelMode.NOW, content, Duration.ZERO, List.of(), true)
                : new WorkflowCancelled(
                        meta, cause, CancelMode.NOW, content, List.of(), Duration.ZERO, List.of(), true);
    }

    private static RunFailure failure(EventFrame frame, String field) {
        return new RunFailure("Error", text(frame, field), null);
    }

    /** What all runs have used so far; null if the server has not said so. */
    @Nullable
    RunMetrics metrics() {
        return duration.isZero() ? null : totals();
    }

    private RunMetrics totals() {
        return new RunMetrics(used, false, 0, 0, duration, null, cost, used, cost);
    }

    private static Origin origin(EventFrame frame) {
        var data = frame.data();
        var kind = data.has("agent_id") || data.has("agent_name")
                ? ComponentKind.AGENT
                : data.has("team_id") || data.has("team_name") || frame.event().startsWith("Team")
                        ? ComponentKind.TEAM
                        : data.has("workflow_id") || frame.event().startsWith("Workflow")
                                ? ComponentKind.WORKFLOW
                                : ComponentKind.AGENT;
        var word = switch (kind) {
            case AGENT -> "agent";
            case TEAM -> "team";
            case WORKFLOW -> "workflow";
        };
        var runId = text(frame, "run_id");
        var workflowRunId = frame.field("workflow_run_id");
        var parent = frame.field("parent_run_id");
        // A workflow names itself there.
        var stepOf = kind == ComponentKind.WORKFLOW ? null : workflowRunId;
        var parentId = parent != null ? parent : stepOf;
        return new Origin(
                kind,
                text(frame, word + "_id"),
                frame.field(word + "_name"),
                runId,
                parentId,
                runId,
                frame.field("session_id"),
                parentId == null ? 0 : 1,
                stepOf == null ? null : step(frame, stepOf));
    }

    private static StepRef step(EventFrame frame, String workflowRunId) {
        var name = text(frame, "step_name");
        var id = frame.field("step_id");
        return new StepRef(
                text(frame, "workflow_id"),
                workflowRunId,
                id == null ? name : id,
                name,
                List.of(),
                frame.field("parent_step_id"));
    }

    private static ToolExecution tool(EventFrame frame) {
        return tool(frame.data().path("tool"));
    }

    private static ToolExecution tool(JsonNode tool) {
        var took = tool.path("metrics").path("duration");
        var call = new ToolExecution(
                tool.path("tool_call_id").asText(),
                tool.path("tool_name").asText(),
                tool.path("tool_args").toString(),
                null,
                false,
                Instant.EPOCH,
                null,
                null);
        return took.isNumber() ? call.ended("", tool.path("tool_call_error").asBoolean(), seconds(took)) : call;
    }

    /** The tools that wait, or one requirement for whatever else the run waits for. */
    private static List<Requirement> requirements(EventFrame frame, EventMeta meta) {
        var all = new ArrayList<Requirement>();
        for (var tool : frame.data().path("tools")) {
            var kind = tool.path("requires_user_input").asBoolean()
                    ? Requirement.Kind.USER_INPUT
                    : tool.path("external_execution_required").asBoolean()
                            ? Requirement.Kind.EXTERNAL_EXECUTION
                            : Requirement.Kind.CONFIRMATION;
            all.add(requirement(meta, kind, tool(tool), ""));
        }
        if (all.isEmpty()) {
            all.add(requirement(meta, Requirement.Kind.CONFIRMATION, null, text(frame, "content")));
        }
        return all;
    }

    private static Requirement requirement(
            EventMeta meta, Requirement.Kind kind, @Nullable ToolExecution tool, String message) {
        var origin = meta.origin();
        return new Requirement(
                "",
                kind,
                origin.runId(),
                origin.componentId(),
                tool,
                null,
                message,
                List.of(),
                List.of(),
                meta.createdAt());
    }

    private static Duration seconds(JsonNode seconds) {
        return Duration.ofNanos(Math.round(seconds.asDouble() * 1e9));
    }

    private static String text(EventFrame frame, String field) {
        var text = frame.field(field);
        return text == null ? "" : text;
    }
}
