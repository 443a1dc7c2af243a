package dev.rein.os.internal.wire;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.model.InputFile.Kind;
import dev.rein.run.ComponentKind;
import dev.rein.run.RunStatus;
import dev.rein.session.RunPreview;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The JSON of list entries of runs: RunSchema, TeamRunSchema, WorkflowRunSchema and SessionRunPreviewSchema. Immutable.
 */
final class RunSchemaJson {
    private static final int PREVIEW = 280;
    static final int PREVIEW_INPUT = 2_000;

    private static final List<String> AGENT = List.of(
            "run_id",
            "parent_run_id",
            "agent_id",
            "user_id",
            "status",
            "cancellation_stage",
            "run_input",
            "content",
            "run_response_format",
            "reasoning_content",
            "reasoning_steps",
            "metrics",
            "metadata",
            "messages",
            "tools",
            "events",
            "created_at",
            "references",
            "citations",
            "reasoning_messages",
            "session_state",
            "images",
            "videos",
            "audio",
            "files",
            "response_audio",
            "input_media",
            "followups",
            "forked_from_run_id",
            "forked_from_message_index",
            "forked_from_session_id",
            "regenerated_from",
            "last_checkpoint_at_message_index");

    private static final List<String> TEAM = List.of(
            "run_id",
            "parent_run_id",
            "team_id",
            "user_id",
            "status",
            "cancellation_stage",
            "content",
            "reasoning_content",
            "reasoning_steps",
            "run_input",
            "run_response_format",
            "metrics",
            "tools",
            "messages",
            "events",
            "created_at",
            "references",
            "citations",
            "reasoning_messages",
            "session_state",
            "input_media",
            "images",
            "videos",
            "audio",
            "files",
            "response_audio",
            "followups",
            "forked_from_run_id",
            "forked_from_message_index",
            "forked_from_session_id",
            "regenerated_from",
            "last_checkpoint_at_message_index");

    private static final List<String> WORKFLOW = List.of(
            "run_id",
            "run_input",
            "events",
            "workflow_id",
            "user_id",
            "content",
            "content_type",
            "status",
            "cancellation_stage",
            "step_results",
            "step_executor_runs",
            "step_requirements",
            "pause_kind",
            "paused_step_name",
            "paused_step_index",
            "metrics",
            "created_at",
            "reasoning_content",
            "reasoning_steps",
            "references",
            "citations",
            "reasoning_messages",
            "images",
            "videos",
            "audio",
            "files",
            "response_audio");

    private final ComponentCatalog catalog;
    private final RunJson whole;

    RunSchemaJson(ComponentCatalog catalog) {
        this.catalog = catalog;
        this.whole = new RunJson(catalog);
    }

    ObjectNode of(RunView run, @Nullable ArrayNode events, boolean nulls) {
        var node = run.isWorkflow() ? ofWorkflow(run, events) : ofAgent(run, events);
        var keys = switch (run.source()) {
            case AGENT -> AGENT;
            case TEAM -> TEAM;
            case WORKFLOW -> WORKFLOW;
        };
        return ordered(node, keys, nulls);
    }

    /** Orders the keys as in the schema, followed by those that Rein adds. */
    private static ObjectNode ordered(ObjectNode node, List<String> keys, boolean nulls) {
        var ordered = WireJson.object();
        for (var key : keys) {
            var value = node.remove(key);
            if (value != null && !value.isNull()) {
                ordered.set(key, value);
            } else if (nulls) {
                ordered.putNull(key);
            }
        }
        node.properties().removeIf(entry -> entry.getValue().isNull());
        return ordered.setAll(node);
    }

    private ObjectNode ofAgent(RunView run, @Nullable ArrayNode events) {
        var node = WireJson.object();
        node.put("run_id", run.runId());
        node.put("parent_run_id", run.parentRunId() == null ? "" : run.parentRunId());
        node.put(run.source() == ComponentKind.TEAM ? "team_id" : "agent_id", run.componentId());
        putStatus(node, run);
        run.putContent(node, run.content());
        node.remove("content_type");
        node.put("run_response_format", run.answerType() == null ? "text" : "json");
        node.put("reasoning_content", run.reasoning() == null ? "" : run.reasoning());
        node.putArray("reasoning_steps");
        node.set("metrics", run.metrics() == null ? null : WireValues.metrics(run.metrics(), run.model()));
        node.set("metadata", RunJson.showsMetadata(run) ? WireJson.any(run.metadata()) : null);
        node.set("messages", MessageJson.all(run));
        node.set("tools", run.tools().isEmpty() ? null : ToolCallJson.of(run.tools()));
        node.set("events", events);
        putLists(node);
        node.set("session_state", run.sessionState() == null ? null : WireJson.any(run.sessionState()));
        node.put("forked_from_run_id", run.forkedFrom());
        var media = node.putObject("input_media");
        media.set("images", MediaJson.images(run.input().images()));
        media.set("videos", MediaJson.files(run.input().files(), Kind.VIDEO));
        media.set("audios", MediaJson.files(run.input().files(), Kind.AUDIO));
        media.set("files", MediaJson.files(run.input().files(), Kind.DOCUMENT));
        return node;
    }

    private ObjectNode ofWorkflow(RunView run, @Nullable ArrayNode events) {
        var node = WireJson.object();
        node.put("run_id", run.runId());
        node.put("workflow_id", run.componentId());
        putStatus(node, run);
        run.putContent(node, run.content());
        node.set("events", events);
        node.set("step_results", new StepOutputJson(catalog, run::find).all(run.steps()));
        node.set("step_executor_runs", whole.below(run));
        node.set("metrics", whole.metrics(run));
        node.put("reasoning_content", "");
        node.putArray("reasoning_steps");
        putLists(node);
        if (run.status() == RunStatus.PAUSED) {
            whole.putPause(node, run);
            whole.putRequirements(node, run);
        }
        return node;
    }

    private static void putStatus(ObjectNode node, RunView run) {
        node.put("user_id", run.userId());
        node.put("status", run.wireStatus());
        node.put("cancellation_stage", run.stage());
        node.put("run_input", run.input().text());
        node.put("created_at", WireValues.iso(run.createdAt()));
        WireValues.putFinishReason(node, run.finishReason());
        var cancellation = RunJson.cancellation(run);
        if (cancellation != null) {
            node.set("cancellation", cancellation);
        }
    }

    private static void putLists(ObjectNode node) {
        for (var key : List.of("references", "reasoning_messages", "images", "videos", "audio", "files")) {
            node.putArray(key);
        }
    }

    static ObjectNode preview(RunPreview run) {
        var node = WireJson.object();
        node.put("run_id", run.runId());
        node.put("parent_run_id", run.parentRunId() == null ? "" : run.parentRunId());
        node.put(run.source().name().toLowerCase(Locale.ROOT) + "_id", run.componentId());
        node.put("user_id", run.userId() == null ? "" : run.userId());
        node.put(
                "status",
                run.status() == RunStatus.CANCELLING
                        ? RunStatus.RUNNING.name()
                        : run.status().name());
        node.put("run_input", run.input());
        node.put("content_preview", RunPreview.cut(run.text(), PREVIEW));
        node.put("created_at", WireValues.iso(run.createdAt()));
        return node;
    }

    static ObjectNode preview(RunView run) {
        var node = WireJson.object();
        node.put("run_id", run.runId());
        node.put("parent_run_id", run.parentRunId() == null ? "" : run.parentRunId());
        node.put(run.source().name().toLowerCase(Locale.ROOT) + "_id", run.componentId());
        node.put("user_id", run.userId() == null ? "" : run.userId());
        node.put("status", run.wireStatus());
        node.put("run_input", RunPreview.cut(run.input().text(), PREVIEW_INPUT));
        var content = run.content();
        if (content != null) {
            // Counts code points, so that no surrogate pair is split.
            var length = Math.min(PREVIEW, content.codePointCount(0, content.length()));
            node.put("content_preview", content.substring(0, content.offsetByCodePoints(0, length)));
        }
        node.put("created_at", WireValues.iso(run.createdAt()));
        return node;
    }
}
