package dev.rein.os.internal.sessions;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.model.Usage;
import dev.rein.os.internal.runs.RunStatuses;
import dev.rein.os.internal.wire.WireJson;
import dev.rein.run.RunStatus;
import dev.rein.run.StepRef;
import dev.rein.run.event.ConditionExecutionCompleted;
import dev.rein.run.event.LoopExecutionCompleted;
import dev.rein.run.event.ModelRequestCompleted;
import dev.rein.run.event.ModelRequestFailed;
import dev.rein.run.event.ModelRequestStarted;
import dev.rein.run.event.ParallelExecutionCompleted;
import dev.rein.run.event.Paused;
import dev.rein.run.event.RouterExecutionCompleted;
import dev.rein.run.event.RunCancelled;
import dev.rein.run.event.RunContinued;
import dev.rein.run.event.RunError;
import dev.rein.run.event.RunEvent;
import dev.rein.run.event.StepCompleted;
import dev.rein.run.event.StepContinued;
import dev.rein.run.event.StepError;
import dev.rein.run.event.StepEvent;
import dev.rein.run.event.StepsExecutionCompleted;
import dev.rein.run.event.Terminal;
import dev.rein.run.event.ToolCallCompleted;
import dev.rein.run.event.ToolCallError;
import dev.rein.run.event.ToolCallStarted;
import dev.rein.run.event.WorkflowCancelled;
import dev.rein.run.event.WorkflowError;
import dev.rein.session.StoredRun;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The spans of a run: its model requests, tool calls and steps and the runs below it, with their times, made of its events. Not
 * thread-safe.
 */
final class RunTimeline {
    /** The maximum number of spans; further ones are left out. */
    static final int MOST = 5_000;

    private static final double NANOS = 1e9;

    private final Map<String, Span> spans = new LinkedHashMap<>();

    /** The span that is open for a run's model request, a tool call, a step or a pause. */
    private final Map<String, Span> open = new HashMap<>();

    private @Nullable Instant first;
    private Usage usage = Usage.NONE;

    private static final class Span {
        final ObjectNode json;
        final Instant start;

        Span(ObjectNode json, Instant start) {
            this.json = json;
            this.start = start;
        }

        void end(Instant at, String status) {
            end(Duration.between(start, at), status);
        }

        void end(Duration took, String status) {
            if (!json.has("duration")) {
                json.put("duration", Math.max(0, seconds(took))).put("status", status);
            }
        }
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / NANOS;
    }

    void add(RunEvent event) {
        var at = event.meta().createdAt();
        if (first == null) {
            first = at;
        }
        var run = runSpan(event);
        switch (event) {
            case ModelRequestStarted e -> begin(model(e), run, "model", e.model(), event, at);
            case ModelRequestCompleted e -> completed(e, at);
            case ModelRequestFailed e -> end(model(e), at, "ERROR", e.error());
            case ToolCallStarted e ->
                begin(tool(e, e.tool().toolCallId()), run, "tool", e.tool().toolName(), event, at);
            case ToolCallCompleted e -> {
                var span = open.remove(tool(e, e.tool().toolCallId()));
                if (span != null) {
                    var took = e.tool().duration();
                    span.end(
                            took == null ? Duration.between(span.start, at) : took,
                            e.tool().error() ? "ERROR" : "COMPLETED");
                }
            }
            case ToolCallError e -> end(tool(e, e.tool().toolCallId()), at, "ERROR", e.error());
            case Paused e -> begin(pause(e), run, "pause", "waits for a decision", event, at);
            case RunContinued e -> end(pause(e), at, "COMPLETED", null);
            case Terminal e -> ended(e, at);
            case StepEvent e -> step(e, at);
            default -> {}
        }
    }

    private static String model(RunEvent event) {
        return event.runId() + "/model";
    }

    private static String tool(RunEvent event, String callId) {
        return event.runId() + "/tool/" + callId;
    }

    private static String pause(RunEvent event) {
        return event.runId() + "/pause";
    }

    private static String step(String workflowRunId, String stepId) {
        return workflowRunId + "/step/" + stepId;
    }

    /** The span of the event's run, which begins with its first event. */
    private String runSpan(RunEvent event) {
        var origin = event.meta().origin();
        var id = origin.runId();
        if (!open.containsKey(id) && !spans.containsKey(id)) {
            var name = origin.componentName();
            begin(
                    id,
                    parent(event),
                    "run",
                    name == null ? origin.componentId() : name,
                    event,
                    event.meta().createdAt());
        }
        return id;
    }

    /** The span that contains the event's run: the step that it executes, or the run that has started it. */
    private @Nullable String parent(RunEvent event) {
        var origin = event.meta().origin();
        var step = origin.step();
        if (step != null && step.workflowRunId().equals(origin.parentRunId())) {
            var within = open.get(step(step.workflowRunId(), step.stepId()));
            if (within != null) {
                return within.json.path("id").asText();
            }
        }
        return origin.parentRunId();
    }

    private void begin(String key, @Nullable String parent, String kind, String name, RunEvent event, Instant at) {
        if (spans.size() >= MOST || first == null) {
            return;
        }
        var before = open.get(key);
        if (before != null) {
            before.end(at, "COMPLETED");
        }
        var id = spans.containsKey(key) ? key + "/" + spans.size() : key;
        var json = WireJson.object().put("id", id);
        if (parent != null && spans.containsKey(parent)) {
            json.put("parent_id", parent);
        }
        json.put("kind", kind)
                .put("name", name)
                .put("start", Math.max(0, seconds(Duration.between(first, at))))
                .put("status", kind.equals("pause") ? "PAUSED" : "RUNNING")
                .put("run_id", event.runId());
        var span = new Span(json, at);
        spans.put(id, span);
        open.put(key, span);
    }

    private void end(String key, Instant at, String status, @Nullable String detail) {
        var span = open.remove(key);
        if (span != null) {
            span.end(at, status);
            if (detail != null) {
                span.json.put("detail", detail);
            }
        }
    }

    private void completed(ModelRequestCompleted event, Instant at) {
        var span = open.remove(model(event));
        var counted = event.usage();
        if (counted != null) {
            usage = usage.plus(counted);
        }
        if (span == null) {
            return;
        }
        span.end(at, "COMPLETED");
        if (counted != null) {
            span.json.put("input_tokens", counted.inputTokens()).put("output_tokens", counted.outputTokens());
        }
        var firstToken = event.timeToFirstToken();
        if (firstToken != null) {
            span.json.put("first_token", seconds(firstToken));
        }
    }

    private void step(StepEvent event, Instant at) {
        var step = event.step();
        var key = step(event.runId(), step.stepId());
        switch (event) {
            case StepCompleted _,
                    StepsExecutionCompleted _,
                    ParallelExecutionCompleted _,
                    LoopExecutionCompleted _,
                    ConditionExecutionCompleted _,
                    RouterExecutionCompleted _ -> end(key, at, "COMPLETED", null);
            case StepError e -> {
                if (!e.retried()) {
                    end(key, at, "ERROR", e.error());
                }
            }
            case StepContinued _ -> {}
            default -> {
                if (!open.containsKey(key)) {
                    begin(key, stepParent(step, event), "step", step.stepName(), event, at);
                }
            }
        }
    }

    private String stepParent(StepRef step, StepEvent event) {
        var parent = step.parentStepId();
        var within = parent == null ? null : open.get(step(event.runId(), parent));
        return within == null ? event.runId() : within.json.path("id").asText();
    }

    /** What a run has not ended itself ended with it. */
    private void ended(Terminal event, Instant at) {
        var status = event.status().name();
        var detail = switch (event) {
            case RunCancelled e -> e.cause().reason();
            case WorkflowCancelled e -> e.cause().reason();
            case RunError e -> e.failure().message();
            case WorkflowError e -> e.failure().message();
            default -> null;
        };
        var rest = event.status() == RunStatus.COMPLETED ? "COMPLETED" : "CANCELLED";
        var own = event.runId() + "/";
        open.entrySet().removeIf(each -> {
            if (each.getKey().startsWith(own)) {
                each.getValue().end(at, rest);
                return true;
            }
            return false;
        });
        end(event.runId(), at, status, detail);
    }

    /** The answer for a run, with the time until now if it has not ended. */
    ObjectNode json(StoredRun run, Instant now) {
        var json = WireJson.object()
                .put("run_id", run.runId())
                .put("session_id", run.sessionId())
                .put("status", RunStatuses.shown(run.status()))
                .put("started_at", (first == null ? run.createdAt() : first).toString());
        var root = spans.get(run.runId());
        if (root != null && root.json.has("duration")) {
            json.set("duration", root.json.get("duration"));
        } else if (!run.status().isTerminal() && first != null) {
            json.put("elapsed", Math.max(0, seconds(Duration.between(first, now))));
        }
        json.put("total_tokens", usage.totalTokens());
        var all = json.putArray("spans");
        spans.values().forEach(span -> all.add(span.json));
        return json;
    }
}
