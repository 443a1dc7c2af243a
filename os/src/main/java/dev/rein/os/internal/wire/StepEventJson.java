package dev.rein.os.internal.wire;

import dev.rein.run.ComponentKind;
import dev.rein.run.Requirement;
import dev.rein.run.Requirement.Kind;
import dev.rein.run.StepOutput;
import dev.rein.run.event.ConditionExecutionCompleted;
import dev.rein.run.event.ConditionExecutionStarted;
import dev.rein.run.event.LoopExecutionCompleted;
import dev.rein.run.event.LoopExecutionStarted;
import dev.rein.run.event.LoopIterationCompleted;
import dev.rein.run.event.LoopIterationStarted;
import dev.rein.run.event.ParallelExecutionCompleted;
import dev.rein.run.event.ParallelExecutionStarted;
import dev.rein.run.event.RouterExecutionCompleted;
import dev.rein.run.event.RouterExecutionStarted;
import dev.rein.run.event.RouterPaused;
import dev.rein.run.event.StepCompleted;
import dev.rein.run.event.StepContinued;
import dev.rein.run.event.StepError;
import dev.rein.run.event.StepEvent;
import dev.rein.run.event.StepExecutorContinued;
import dev.rein.run.event.StepExecutorPaused;
import dev.rein.run.event.StepOutputReview;
import dev.rein.run.event.StepPaused;
import dev.rein.run.event.StepProgress;
import dev.rein.run.event.StepResult;
import dev.rein.run.event.StepStarted;
import dev.rein.run.event.StepsExecutionCompleted;
import dev.rein.run.event.StepsExecutionStarted;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The keys of step events. Not thread-safe. */
final class StepEventJson {
    private final ComponentCatalog catalog;
    private final RunLookup runs;
    private final StepOutputJson outputs;

    StepEventJson(ComponentCatalog catalog, RunLookup runs) {
        this.catalog = catalog;
        this.runs = runs;
        this.outputs = new StepOutputJson(catalog, runs);
    }

    void fill(EventJson.Fields fields, StepEvent event) {
        fields.flat.put("step_name", event.step().stepName());
        fields.flat.set("step_index", RequirementJson.index(event.step()));
        switch (event) {
            case StepStarted _, StepContinued _ -> {}
            case StepCompleted e -> {
                fields.flat.put("content", e.output().content()).put("content_type", "str");
                fields.nested.set("step_response", outputs.of(e.output()));
            }
            case StepResult e -> fields.nested.set("step_output", outputs.of(e.output()));
            case StepProgress e -> {
                fields.flat.put("attempt", 1).put("content", e.content());
                fields.nested.set("data", WireJson.any(e.data()));
            }
            case StepError e -> fields.flat.put("error", e.error());
            case StepPaused e -> paused(fields, e.requirement());
            case StepOutputReview e ->
                fields.flat
                        .put("output_review_message", e.requirement().message())
                        .put("requires_output_review", true);
            case StepExecutorPaused e -> {
                executor(fields, e.executorId(), e.executorRunId());
                executorRequirements(fields, e);
            }
            case StepExecutorContinued e -> executor(fields, e.executorId(), e.executorRunId());
            case StepsExecutionStarted e -> fields.flat.put("steps_count", e.count());
            case StepsExecutionCompleted e -> {
                fields.flat.put("steps_count", e.results().size());
                executed(fields, e.results());
            }
            case ParallelExecutionStarted e -> fields.flat.put("parallel_step_count", e.count());
            case ParallelExecutionCompleted e -> {
                fields.flat.put("parallel_step_count", e.results().size());
                fields.nested.set("step_results", outputs.all(e.results()));
            }
            case LoopExecutionStarted e -> fields.flat.put("max_iterations", e.maxIterations());
            case LoopIterationStarted e ->
                fields.flat.put("iteration", e.iteration()).put("max_iterations", e.maxIterations());
            case LoopIterationCompleted e -> {
                fields.flat.put("iteration", e.iteration()).put("max_iterations", e.maxIterations());
                fields.flat.put("should_continue", e.goesOn());
                fields.nested.set("iteration_results", outputs.all(e.results()));
            }
            case LoopExecutionCompleted e -> {
                fields.flat.put("total_iterations", e.iterations());
                fields.nested.putArray("all_results").add(outputs.all(e.results()));
            }
            case ConditionExecutionStarted e -> fields.flat.put("condition_result", e.result());
            case ConditionExecutionCompleted e -> {
                fields.flat.put("condition_result", e.result()).put("branch", e.result() ? "if" : "else");
                executed(fields, e.results());
            }
            case RouterExecutionStarted e -> fields.flat.set("selected_steps", WireJson.any(e.selected()));
            case RouterExecutionCompleted e -> {
                fields.flat.set("selected_steps", WireJson.any(e.selected()));
                executed(fields, e.results());
            }
            case RouterPaused e -> {
                fields.flat.set(
                        "available_choices", WireJson.any(e.requirement().choices()));
                fields.flat.put("user_input_message", e.requirement().message());
                fields.flat.put("allow_multiple_selections", true);
            }
        }
    }

    private void executed(EventJson.Fields fields, List<StepOutput> results) {
        fields.flat.put("executed_steps", results.size());
        fields.nested.set("step_results", outputs.all(results));
    }

    private static void paused(EventJson.Fields fields, Requirement requirement) {
        var confirms = requirement.kind() == Kind.CONFIRMATION || requirement.kind() == Kind.ERROR;
        fields.flat.put("requires_confirmation", confirms);
        if (confirms) {
            fields.flat.put("confirmation_message", requirement.message());
        }
        fields.flat.put("requires_user_input", !confirms);
        if (!confirms) {
            fields.flat.put("user_input_message", requirement.message());
            fields.nested.set(
                    "user_input_schema",
                    ToolCallJson.inputSchema(RequirementJson.fields(requirement), requirement.schema(), Map.of()));
        }
    }

    private void executor(EventJson.Fields fields, String id, String runId) {
        fields.flat.put("executor_id", id);
        for (var source : List.of(ComponentKind.AGENT, ComponentKind.TEAM, ComponentKind.WORKFLOW)) {
            var component = catalog.find(source, id);
            if (component != null) {
                WireValues.put(fields.flat, "executor_name", component.name());
                fields.flat.put("executor_type", source.name().toLowerCase(Locale.ROOT));
                break;
            }
        }
        fields.flat.put("executor_run_id", runId);
    }

    private void executorRequirements(EventJson.Fields fields, StepExecutorPaused e) {
        var workflow = runs.find(e.runId());
        if (workflow != null) {
            var asked = workflow.requirements().stream()
                    .filter(each -> each.step() != null
                            && each.step().stepId().equals(e.step().stepId()))
                    .toList();
            fields.nested.set("executor_requirements", new RequirementJson(catalog).ofRun(asked, e.executorRunId()));
        }
    }
}
