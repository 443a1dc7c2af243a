package dev.rein.os.internal.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.run.ComponentKind;
import dev.rein.run.StepKind;
import dev.rein.run.StepOutput;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The JSON of step results: StepOutput, with every key present except {@code steps}. Immutable. */
final class StepOutputJson {
    private final ComponentCatalog catalog;
    private final RunLookup runs;

    /** @param runs finds the runs of executors, whose metrics are shown */
    StepOutputJson(ComponentCatalog catalog, RunLookup runs) {
        this.catalog = catalog;
        this.runs = runs;
    }

    ArrayNode all(List<StepOutput> steps) {
        var array = WireJson.array();
        steps.forEach(step -> array.add(of(step)));
        return array;
    }

    ObjectNode of(StepOutput step) {
        var node = WireJson.object();
        node.put("content", step.content());
        node.put("step_name", step.stepName());
        node.put("step_id", step.stepId());
        node.put("step_type", type(step.kind()));
        node.put("executor_type", executorType(step.kind()));
        node.put("executor_name", executorName(step));
        node.put("step_run_id", step.runId());
        node.set("images", step.images().isEmpty() ? null : MediaJson.images(step.images()));
        node.putNull("videos");
        node.putNull("audio");
        node.putNull("files");
        node.set("metrics", metrics(step));
        node.put("success", step.success());
        node.put("error", step.error());
        node.put("stop", step.stop());
        node.put("is_paused", false);
        if (!step.steps().isEmpty()) {
            node.set("steps", all(step.steps()));
        }
        return node;
    }

    static String type(StepKind kind) {
        return switch (kind) {
            case STEPS -> "Steps";
            case PARALLEL -> "Parallel";
            case LOOP -> "Loop";
            case CONDITION -> "Condition";
            case ROUTER -> "Router";
            default -> "Step";
        };
    }

    private static @Nullable String executorType(StepKind kind) {
        return switch (kind) {
            case AGENT, TEAM, WORKFLOW, FUNCTION -> kind.name().toLowerCase(Locale.ROOT);
            default -> null;
        };
    }

    private static @Nullable ComponentKind source(StepKind kind) {
        return switch (kind) {
            case AGENT -> ComponentKind.AGENT;
            case TEAM -> ComponentKind.TEAM;
            case WORKFLOW -> ComponentKind.WORKFLOW;
            default -> null;
        };
    }

    private @Nullable String executorName(StepOutput step) {
        var source = source(step.kind());
        if (source == null || step.executor() == null) {
            return step.kind() == StepKind.FUNCTION ? step.stepName() : null;
        }
        var name = catalog.name(source, step.executor());
        return name == null ? step.executor() : name;
    }

    private @Nullable JsonNode metrics(StepOutput step) {
        var executor = step.runId() == null ? null : runs.find(step.runId());
        return executor == null ? null : WireValues.metrics(executor.metrics(), executor.model());
    }

    /** The {@code steps} of a workflow's metrics: by name, the steps executed by a run. */
    ObjectNode metricsByStep(List<StepOutput> steps) {
        var node = WireJson.object();
        addMetrics(node, steps);
        return node;
    }

    private void addMetrics(ObjectNode node, List<StepOutput> steps) {
        for (var step : steps) {
            var metrics = metrics(step);
            if (metrics != null) {
                node.putObject(step.stepName())
                        .put("step_name", step.stepName())
                        .put("executor_type", executorType(step.kind()))
                        .put("executor_name", executorName(step))
                        .set("metrics", metrics);
            }
            addMetrics(node, step.steps());
        }
    }
}
