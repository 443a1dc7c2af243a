package dev.rein.os.internal.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.model.Usage;
import dev.rein.run.ComponentKind;
import dev.rein.run.Requirement;
import dev.rein.run.TeamTask;
import dev.rein.run.event.CustomEvent;
import dev.rein.run.event.ModelRequestCompleted;
import dev.rein.run.event.ModelRequestFailed;
import dev.rein.run.event.ModelRequestStarted;
import dev.rein.run.event.Origin;
import dev.rein.run.event.PostHookCompleted;
import dev.rein.run.event.PostHookStarted;
import dev.rein.run.event.PreHookCompleted;
import dev.rein.run.event.PreHookStarted;
import dev.rein.run.event.RunContent;
import dev.rein.run.event.RunContentCompleted;
import dev.rein.run.event.RunContinued;
import dev.rein.run.event.RunEvent;
import dev.rein.run.event.RunPaused;
import dev.rein.run.event.RunStarted;
import dev.rein.run.event.StepEvent;
import dev.rein.run.event.TaskCreated;
import dev.rein.run.event.TaskIterationCompleted;
import dev.rein.run.event.TaskIterationStarted;
import dev.rein.run.event.TaskStateUpdated;
import dev.rein.run.event.TaskUpdated;
import dev.rein.run.event.Terminal;
import dev.rein.run.event.ToolCallCompleted;
import dev.rein.run.event.ToolCallError;
import dev.rein.run.event.ToolCallStarted;
import dev.rein.run.event.WorkflowPaused;
import dev.rein.run.event.WorkflowStarted;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The JSON of events. Not thread-safe. */
final class EventJson {
    /** The keys of an event besides the common ones: flat values, and nested values, which follow the event index. */
    static final class Fields {
        final ObjectNode flat = WireJson.object();
        final ObjectNode nested = WireJson.object();
    }

    static final String CUSTOM = "CustomEvent";
    private static final Set<String> RESERVED = Set.of("event", "data");

    private final ComponentCatalog catalog;
    private final RunLookup runs;
    private final StepEventJson steps;
    private final TerminalEventJson terminals;

    EventJson(ComponentCatalog catalog, RunLookup runs) {
        this.catalog = catalog;
        this.runs = runs;
        this.steps = new StepEventJson(catalog, runs);
        this.terminals = new TerminalEventJson(catalog, runs);
    }

    /** The wire name of an event. Clients know no event for a failed request, and read custom ones. */
    static String name(RunEvent event) {
        return switch (event) {
            case ModelRequestFailed _, CustomEvent _ -> CUSTOM;
            default -> event.name();
        };
    }

    ObjectNode of(RunEvent event, @Nullable Long index) {
        return made(event, name(event), index, fields(event));
    }

    /** The JSON of the {@code *Completed} event that follows the end of a cancelled run; null after any other event. */
    @Nullable
    ObjectNode completedAfter(RunEvent event, @Nullable Long index) {
        var name = TerminalEventJson.nameAfter(event);
        return name == null ? null : made(event, name, index, terminals.completedAfter(event));
    }

    private static ObjectNode made(RunEvent event, String name, @Nullable Long index, Fields fields) {
        var node = base(event, name);
        node.setAll(fields.flat);
        // Clients expect it last in a workflow's own events, and before nested values in others.
        var isLast = event.source() == ComponentKind.WORKFLOW;
        if (index != null && !isLast) {
            node.put("event_index", index);
        }
        node.setAll(fields.nested);
        if (index != null && isLast) {
            node.put("event_index", index);
        }
        return node;
    }

    // ---- keys common to all events

    static ObjectNode base(RunEvent event, String name) {
        var origin = event.meta().origin();
        var node = WireJson.object();
        node.put("created_at", WireValues.epoch(event.meta().createdAt()));
        node.put("event", name);
        if (origin.source() == ComponentKind.WORKFLOW) {
            baseOfWorkflow(node, event, origin);
        } else {
            baseOfAgent(node, origin);
        }
        node.put("nested_depth", nestedDepth(origin));
        return node;
    }

    private static void baseOfWorkflow(ObjectNode node, RunEvent event, Origin origin) {
        node.put("workflow_id", origin.componentId());
        WireValues.put(node, "workflow_name", origin.componentName());
        WireValues.put(node, "session_id", origin.sessionId());
        node.put("run_id", origin.runId());
        if (event instanceof StepEvent of) {
            node.put("step_id", of.step().stepId());
            WireValues.put(node, "parent_step_id", of.step().parentStepId());
        }
    }

    private static void baseOfAgent(ObjectNode node, Origin origin) {
        var kind = origin.source() == ComponentKind.TEAM ? "team" : "agent";
        var step = origin.step();
        node.put(kind + "_id", origin.componentId());
        node.put(kind + "_name", origin.componentName() == null ? "" : origin.componentName());
        node.put("run_id", origin.runId());
        if (step == null || !step.workflowRunId().equals(origin.parentRunId())) {
            WireValues.put(node, "parent_run_id", origin.parentRunId());
        }
        WireValues.put(node, "session_id", origin.sessionId());
        if (step != null) {
            node.put("workflow_id", step.workflowId());
            node.put("workflow_run_id", step.workflowRunId());
            node.put("step_id", step.stepId());
            node.put("step_name", step.stepName());
            node.set("step_index", RequirementJson.index(step));
        }
    }

    /** The number of workflows around the one that the origin belongs to. */
    private static int nestedDepth(Origin origin) {
        var step = origin.step();
        if (step == null) {
            return 0;
        }
        if (origin.source() == ComponentKind.WORKFLOW) {
            return origin.depth();
        }
        if (step.workflowRunId().equals(origin.rootRunId())) {
            return 0;
        }
        // The executor of a step is one level below the inner workflow, a member of that executor two.
        var isExecutor = step.workflowRunId().equals(origin.parentRunId());
        return Math.max(1, origin.depth() - (isExecutor ? 1 : 2));
    }

    // ---- keys of each event

    private Fields fields(RunEvent event) {
        var fields = new Fields();
        switch (event) {
            case RunStarted e -> model(fields, e.model(), e.provider());
            case ModelRequestStarted e -> model(fields, e.model(), e.provider());
            case ModelRequestCompleted e -> completed(fields, e);
            case RunContent e -> content(fields, e);
            case ToolCallStarted e -> fields.nested.set("tool", ToolCallJson.of(e.tool()));
            case ToolCallCompleted e -> {
                fields.flat.put("content", ToolCallJson.sentence(e.tool()));
                fields.nested.set("tool", ToolCallJson.of(e.tool()));
            }
            case ToolCallError e -> {
                fields.flat.put("error", e.error());
                fields.nested.set("tool", ToolCallJson.of(e.tool()));
            }
            case PreHookStarted e -> preHook(fields, e.hook(), e);
            case PreHookCompleted e -> preHook(fields, e.hook(), e);
            case PostHookStarted e -> fields.flat.put("post_hook_name", e.hook());
            case PostHookCompleted e -> {
                fields.flat.put("post_hook_name", e.hook());
                WireValues.put(fields.flat, "content", e.replacement());
            }
            case TaskIterationStarted e -> iteration(fields, e.iteration(), e.maxIterations());
            case TaskIterationCompleted e -> iteration(fields, e.iteration(), e.maxIterations());
            case TaskStateUpdated e -> state(fields, e);
            case TaskCreated e -> created(fields, e.task());
            case TaskUpdated e -> updated(fields, e);
            case CustomEvent e -> custom(fields, e);
            case RunPaused e -> paused(fields, e.requirements(), e.runId());
            case WorkflowPaused e -> terminals.paused(fields, e);
            case Terminal e -> terminals.fill(fields, e);
            case StepEvent e -> steps.fill(fields, e);
            case ModelRequestFailed e -> failed(fields, e);
            case RunContentCompleted _, RunContinued _, WorkflowStarted _ -> {}
        }
        return fields;
    }

    private static void model(Fields fields, String model, String provider) {
        if (!model.isEmpty()) {
            fields.flat.put("model", model).put("model_provider", provider);
        }
    }

    private static void completed(Fields fields, ModelRequestCompleted e) {
        model(fields, e.model(), e.provider());
        var usage = e.usage() == null ? Usage.NONE : e.usage();
        fields.flat.put("input_tokens", usage.inputTokens());
        fields.flat.put("output_tokens", usage.outputTokens());
        fields.flat.put("total_tokens", usage.totalTokens());
        if (e.timeToFirstToken() != null) {
            fields.flat.put("time_to_first_token", WireValues.seconds(e.timeToFirstToken()));
        }
        fields.flat.put("reasoning_tokens", usage.reasoningTokens());
        fields.flat.put("cache_read_tokens", usage.cacheReadTokens());
        fields.flat.put("cache_write_tokens", 0);
        WireValues.putFinishReason(fields.flat, e.finishReason());
    }

    private static void failed(Fields fields, ModelRequestFailed e) {
        fields.flat.put("name", e.name());
        fields.flat.put("model", e.model());
        fields.flat.put("error", e.error());
        fields.flat.put("attempt", e.attempt());
        fields.flat.put("next_model", e.next());
        fields.flat.put("retry_in", WireValues.seconds(e.retryIn()));
    }

    private static void content(Fields fields, RunContent e) {
        fields.flat.put("content", e.content());
        if (e.source() == ComponentKind.AGENT) {
            fields.flat.put("workflow_agent", false);
        }
        fields.flat.put("content_type", "str");
        fields.flat.put("reasoning_content", e.reasoningContent() == null ? "" : e.reasoningContent());
    }

    private void preHook(Fields fields, String hook, RunEvent event) {
        fields.flat.put("pre_hook_name", hook);
        var run = runs.find(event.runId());
        if (run != null) {
            fields.nested
                    .putObject("run_input")
                    .put("input_content", run.input().text());
        }
    }

    private static void iteration(Fields fields, int iteration, int most) {
        fields.flat.put("iteration", iteration).put("max_iterations", most);
    }

    private static String status(TeamTask.Status status) {
        return status.name().toLowerCase(Locale.ROOT);
    }

    private static void state(Fields fields, TaskStateUpdated e) {
        var over = e.tasks().stream().filter(TeamTask::isOver).count();
        fields.flat.put("task_summary", over + " of " + e.tasks().size() + " tasks are over");
        fields.flat.put("goal_complete", e.goalComplete());
        WireValues.put(fields.flat, "completion_summary", e.summary());
        var tasks = fields.nested.putArray("tasks");
        for (var task : e.tasks()) {
            var node = tasks.addObject();
            node.put("id", task.id());
            node.put("title", task.title());
            node.put("description", task.description());
            node.put("status", status(task.status()));
            node.put("assignee", task.assignee());
            node.set("dependencies", WireJson.any(task.dependencies()));
            node.put("result", task.result());
        }
    }

    private static void created(Fields fields, TeamTask task) {
        fields.flat.put("task_id", task.id());
        fields.flat.put("title", task.title());
        fields.flat.put("description", task.description());
        WireValues.put(fields.flat, "assignee", task.assignee());
        fields.flat.put("status", status(task.status()));
        fields.flat.set("dependencies", WireJson.any(task.dependencies()));
    }

    private static void updated(Fields fields, TaskUpdated e) {
        fields.flat.put("task_id", e.task().id());
        fields.flat.put("title", e.task().title());
        fields.flat.put("status", status(e.task().status()));
        fields.flat.put("previous_status", status(e.previous()));
        WireValues.put(fields.flat, "result", e.task().result());
        WireValues.put(fields.flat, "assignee", e.task().assignee());
    }

    /**
     * Custom events have their data at the top level, as clients expect. A key that clashes with another or is reserved
     * gets a prefix.
     */
    private static void custom(Fields fields, CustomEvent e) {
        fields.flat.put("name", e.event());
        var base = base(e, CUSTOM);
        e.data().forEach((key, value) -> {
            JsonNode json = WireJson.any(value);
            var isTaken = base.has(key) || RESERVED.contains(key) || fields.flat.has(key) || key.equals("event_index");
            fields.nested.set(isTaken ? "custom_" + key : key, json);
        });
    }

    private void paused(Fields fields, List<Requirement> requirements, String runId) {
        fields.flat.put("content", RequirementJson.sentence(requirements));
        fields.nested.set("tools", RequirementJson.tools(requirements));
        fields.nested.set("requirements", new RequirementJson(catalog).ofRun(requirements, runId));
    }
}
