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
    static final String CUSTOM = "CustomEvent";
    private static final Set<String> RESERVED = Set.of("event", "data");

    private final ComponentCatalog catalog;
    private final RunLookup runs;
    private final StepEventJson steps;
    private final TerminalEventJson ends;

    EventJson(ComponentCatalog catalog, RunLookup runs) {
        this.catalog = catalog;
        this.runs = runs;
        this.steps = new StepEventJson(catalog, runs);
        this.ends = new TerminalEventJson(catalog, runs);
    }

    /** The wire name of an event; null for events unknown to clients. */
    static @Nullable String name(RunEvent event) {
        return switch (event) {
            case ModelRequestFailed _ -> null;
            case CustomEvent _ -> CUSTOM;
            default -> event.name();
        };
    }

    /** The JSON of an event; null for events unknown to clients. */
    @Nullable
    ObjectNode of(RunEvent event, @Nullable Long index) {
        var name = name(event);
        return name == null ? null : made(event, name, index, fields(event));
    }

    /** The JSON of the {@code *Completed} event that follows the end of a cancelled run; null after any other event. */
    @Nullable
    ObjectNode completedAfter(RunEvent event, @Nullable Long index) {
        var name = TerminalEventJson.nameAfter(event);
        return name == null ? null : made(event, name, index, ends.completedAfter(event));
    }

    private static ObjectNode made(RunEvent event, String name, @Nullable Long index, EventFields fields) {
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

    private EventFields fields(RunEvent event) {
        var f = new EventFields();
        switch (event) {
            case RunStarted e -> model(f, e.model(), e.provider());
            case ModelRequestStarted e -> model(f, e.model(), e.provider());
            case ModelRequestCompleted e -> completed(f, e);
            case RunContent e -> content(f, e);
            case ToolCallStarted e -> f.nested.set("tool", ToolCallJson.of(e.tool()));
            case ToolCallCompleted e -> {
                f.flat.put("content", ToolCallJson.sentence(e.tool()));
                f.nested.set("tool", ToolCallJson.of(e.tool()));
            }
            case ToolCallError e -> {
                f.flat.put("error", e.error());
                f.nested.set("tool", ToolCallJson.of(e.tool()));
            }
            case PreHookStarted e -> preHook(f, e.hook(), e);
            case PreHookCompleted e -> preHook(f, e.hook(), e);
            case PostHookStarted e -> f.flat.put("post_hook_name", e.hook());
            case PostHookCompleted e -> f.flat.put("post_hook_name", e.hook());
            case TaskIterationStarted e -> iteration(f, e.iteration(), e.maxIterations());
            case TaskIterationCompleted e -> iteration(f, e.iteration(), e.maxIterations());
            case TaskStateUpdated e -> state(f, e);
            case TaskCreated e -> created(f, e.task());
            case TaskUpdated e -> updated(f, e);
            case CustomEvent e -> custom(f, e);
            case RunPaused e -> paused(f, e.requirements(), e.runId());
            case WorkflowPaused e -> ends.paused(f, e);
            case Terminal e -> ends.fill(f, e);
            case StepEvent e -> steps.fill(f, e);
            case RunContentCompleted _, RunContinued _, WorkflowStarted _, ModelRequestFailed _ -> {}
        }
        return f;
    }

    private static void model(EventFields f, String model, String provider) {
        if (!model.isEmpty()) {
            f.flat.put("model", model).put("model_provider", provider);
        }
    }

    private static void completed(EventFields f, ModelRequestCompleted e) {
        model(f, e.model(), e.provider());
        var usage = e.usage() == null ? Usage.NONE : e.usage();
        f.flat.put("input_tokens", usage.inputTokens());
        f.flat.put("output_tokens", usage.outputTokens());
        f.flat.put("total_tokens", usage.totalTokens());
        if (e.timeToFirstToken() != null) {
            f.flat.put("time_to_first_token", WireValues.seconds(e.timeToFirstToken()));
        }
        f.flat.put("reasoning_tokens", usage.reasoningTokens());
        f.flat.put("cache_read_tokens", usage.cacheReadTokens());
        f.flat.put("cache_write_tokens", 0);
    }

    private static void content(EventFields f, RunContent e) {
        f.flat.put("content", e.content());
        if (e.source() == ComponentKind.AGENT) {
            f.flat.put("workflow_agent", false);
        }
        f.flat.put("content_type", "str");
        f.flat.put("reasoning_content", e.reasoningContent() == null ? "" : e.reasoningContent());
    }

    private void preHook(EventFields f, String hook, RunEvent event) {
        f.flat.put("pre_hook_name", hook);
        var run = runs.find(event.runId());
        if (run != null) {
            f.nested.putObject("run_input").put("input_content", run.input().text());
        }
    }

    private static void iteration(EventFields f, int iteration, int most) {
        f.flat.put("iteration", iteration).put("max_iterations", most);
    }

    private static String status(TeamTask.Status status) {
        return status.name().toLowerCase(Locale.ROOT);
    }

    private static void state(EventFields f, TaskStateUpdated e) {
        var over = e.tasks().stream().filter(TeamTask::isOver).count();
        f.flat.put("task_summary", over + " of " + e.tasks().size() + " tasks are over");
        f.flat.put("goal_complete", e.goalComplete());
        WireValues.put(f.flat, "completion_summary", e.summary());
        var tasks = f.nested.putArray("tasks");
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

    private static void created(EventFields f, TeamTask task) {
        f.flat.put("task_id", task.id());
        f.flat.put("title", task.title());
        f.flat.put("description", task.description());
        WireValues.put(f.flat, "assignee", task.assignee());
        f.flat.put("status", status(task.status()));
        f.flat.set("dependencies", WireJson.any(task.dependencies()));
    }

    private static void updated(EventFields f, TaskUpdated e) {
        f.flat.put("task_id", e.task().id());
        f.flat.put("title", e.task().title());
        f.flat.put("status", status(e.task().status()));
        f.flat.put("previous_status", status(e.previous()));
        WireValues.put(f.flat, "result", e.task().result());
        WireValues.put(f.flat, "assignee", e.task().assignee());
    }

    /**
     * Custom events have their data at the top level, as clients expect. A key that clashes with another or is reserved
     * gets a prefix.
     */
    private static void custom(EventFields f, CustomEvent e) {
        f.flat.put("name", e.event());
        var base = base(e, CUSTOM);
        e.data().forEach((key, value) -> {
            JsonNode json = WireJson.any(value);
            var isTaken = base.has(key) || RESERVED.contains(key) || f.flat.has(key) || key.equals("event_index");
            f.nested.set(isTaken ? "custom_" + key : key, json);
        });
    }

    private void paused(EventFields f, List<Requirement> requirements, String runId) {
        f.flat.put("content", RequirementJson.sentence(requirements));
        f.nested.set("tools", RequirementJson.tools(requirements));
        f.nested.set("requirements", new RequirementJson(catalog).ofRun(requirements, runId));
    }
}
