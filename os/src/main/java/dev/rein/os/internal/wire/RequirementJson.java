package dev.rein.os.internal.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.run.ComponentKind;
import dev.rein.run.Requirement;
import dev.rein.run.Requirement.Kind;
import dev.rein.run.StepRef;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The JSON of requirements: RunRequirement, StepRequirement and ErrorRequirement. Immutable. */
final class RequirementJson {
    private final ComponentCatalog catalog;

    RequirementJson(ComponentCatalog catalog) {
        this.catalog = catalog;
    }

    // ---- agents and teams

    /** The paused tool calls. */
    static ArrayNode tools(List<Requirement> requirements) {
        var array = WireJson.array();
        for (var each : requirements) {
            if (each.tool() != null) {
                array.add(ToolCallJson.of(each.tool()));
            }
        }
        return array;
    }

    /** @param runId the paused run; a requirement of a descendant names the descendant */
    ArrayNode ofRun(List<Requirement> requirements, String runId) {
        var array = WireJson.array();
        requirements.forEach(each -> array.add(ofRun(each, runId)));
        return array;
    }

    private ObjectNode ofRun(Requirement requirement, String runId) {
        var node = WireJson.object();
        node.put("id", requirement.id());
        node.put("created_at", WireValues.isoOffset(requirement.createdAt()));
        if (!runId.equals(requirement.runId())) {
            node.put("member_agent_id", requirement.componentId());
            WireValues.put(node, "member_agent_name", name(requirement.componentId()));
            node.put("member_run_id", requirement.runId());
        }
        if (requirement.tool() != null) {
            node.set("tool_execution", ToolCallJson.of(requirement.tool()));
        }
        if (requirement.kind() == Kind.USER_INPUT) {
            node.set(
                    "user_input_schema",
                    ToolCallJson.inputSchema(requirement.fields(), requirement.schema(), Map.of()));
        }
        putOutput(node, requirement.terms());
        return node;
    }

    /** The content of a paused run, for people. */
    static String sentence(List<Requirement> requirements) {
        if (requirements.size() == 1 && requirements.getFirst().schema() != null) {
            // A question of a tool's code, which the client sees nowhere else.
            return requirements.getFirst().message();
        }
        var kinds = requirements.stream().map(Requirement::kind).distinct().toList();
        if (kinds.size() != 1) {
            return "I have tools to execute, but I need your input.";
        }
        return switch (kinds.getFirst()) {
            case CONFIRMATION -> "I have tools to execute, but I need confirmation.";
            case EXTERNAL_EXECUTION -> "I have tools to execute, but they have to be executed elsewhere.";
            default -> "I have tools to execute, but I need your input.";
        };
    }

    private @Nullable String name(String componentId) {
        var agent = catalog.name(ComponentKind.AGENT, componentId);
        return agent != null ? agent : catalog.name(ComponentKind.TEAM, componentId);
    }

    // ---- workflows

    /** Whether the requirement belongs to the executor of a step, not to the step itself. */
    static boolean isExecutors(Requirement requirement, String workflowRunId) {
        return !requirement.runId().equals(workflowRunId);
    }

    /** All requirements except those of failed steps. */
    ArrayNode ofSteps(List<Requirement> requirements, String workflowRunId, @Nullable String input) {
        var array = WireJson.array();
        for (var each : requirements) {
            if (each.kind() != Kind.ERROR || isExecutors(each, workflowRunId)) {
                array.add(ofStep(each, workflowRunId, input));
            }
        }
        return array;
    }

    private ObjectNode ofStep(Requirement requirement, String workflowRunId, @Nullable String input) {
        var node = step(requirement.step());
        var kind = requirement.kind();
        var executors = isExecutors(requirement, workflowRunId);
        var terms = executors ? null : requirement.terms();
        var reviews = kind == Kind.REVIEW && !executors;
        // Clients answer a review as they answer a confirmation.
        var confirms = (kind == Kind.CONFIRMATION && !executors) || reviews;
        var asks = (kind == Kind.USER_INPUT || kind == Kind.EXTERNAL_EXECUTION) && !executors;
        var routes = kind == Kind.ROUTE && !executors;
        node.put("step_type", terms == null ? "Step" : StepOutputJson.type(terms.step()));
        node.put("requires_confirmation", confirms);
        node.put("confirmation_message", confirms ? requirement.message() : null);
        node.putNull("confirmed");
        node.put("on_reject", terms == null ? "skip" : onReject(terms.onReject()));
        node.put("requires_user_input", asks || routes);
        node.put("user_input_message", asks || routes ? requirement.message() : null);
        if (asks) {
            node.set(
                    "user_input_schema", ToolCallJson.inputSchema(fields(requirement), requirement.schema(), Map.of()));
        }
        node.putNull("user_input");
        node.put("requires_route_selection", routes);
        node.set("available_choices", routes ? WireJson.any(requirement.choices()) : null);
        node.put("allow_multiple_selections", routes);
        node.putNull("selected_choices");
        node.put("requires_output_review", reviews);
        node.put("output_review_message", reviews ? requirement.message() : null);
        node.put("is_post_execution", reviews);
        node.putNull("rejection_feedback");
        node.put("retry_count", terms == null ? 0 : terms.rejections());
        node.put("max_retries", terms == null ? 0 : terms.maxRetries());
        node.put("timeout_at", expiresAt(terms));
        node.put(
                "on_timeout",
                terms == null ? "cancel" : terms.onTimeout().name().toLowerCase(Locale.ROOT));
        putOutput(node, terms);
        if (executors) {
            // Without this, clients drop the following keys when they send the requirement back.
            node.put("requires_executor_input", true);
            node.put("executor_type", executorType(requirement.componentId()));
            node.put("executor_id", requirement.componentId());
            WireValues.put(node, "executor_name", name(requirement.componentId()));
            node.put("executor_run_id", requirement.runId());
            node.set("executor_requirements", ofRun(List.of(requirement), requirement.runId()));
        }
        node.set("step_input", stepInput(input));
        return node;
    }

    private void putOutput(ObjectNode node, Requirement.@Nullable Terms terms) {
        if (terms != null && terms.output() != null) {
            node.set("step_output", new StepOutputJson(catalog, RunLookup.NONE).of(terms.output()));
        }
    }

    private static String onReject(Requirement.Outcome outcome) {
        return outcome == Requirement.Outcome.ELSE_BRANCH
                ? "else"
                : outcome.name().toLowerCase(Locale.ROOT);
    }

    private static @Nullable String expiresAt(Requirement.@Nullable Terms terms) {
        return terms == null || terms.expiresAt() == null ? null : WireValues.isoOffset(terms.expiresAt());
    }

    private @Nullable String executorType(String componentId) {
        return Arrays.stream(ComponentKind.values())
                .filter(source -> catalog.name(source, componentId) != null)
                .findFirst()
                .map(source -> source.name().toLowerCase(Locale.ROOT))
                .orElse(null);
    }

    /** The names of the requested values; for external execution the result. */
    static List<String> fields(Requirement requirement) {
        return requirement.kind() == Kind.EXTERNAL_EXECUTION ? List.of("result") : requirement.fields();
    }

    private static @Nullable JsonNode stepInput(@Nullable String input) {
        if (input == null) {
            return null;
        }
        var node = WireJson.object();
        node.put("input", input);
        node.putObject("previous_step_outputs");
        node.putNull("previous_step_content");
        node.putNull("additional_data");
        node.putNull("images");
        node.putNull("videos");
        node.putNull("audio");
        node.putNull("files");
        return node;
    }

    /** The requirements of failed steps. */
    static ArrayNode ofErrors(List<Requirement> requirements, String workflowRunId) {
        var array = WireJson.array();
        for (var each : requirements) {
            if (each.kind() == Kind.ERROR && !isExecutors(each, workflowRunId)) {
                array.add(step(each.step())
                        .put("error_message", each.message())
                        .put("retry_count", 0)
                        .putNull("decision"));
            }
        }
        return array;
    }

    private static ObjectNode step(@Nullable StepRef step) {
        var node = WireJson.object();
        if (step != null) {
            node.put("step_id", step.stepId());
            node.put("step_name", step.stepName());
            node.set("step_index", index(step));
        }
        return node;
    }

    /** The position of a step: a number, or a list of numbers for a nested step. */
    static JsonNode index(StepRef step) {
        return step.index().size() == 1
                ? WireJson.NODES.numberNode(step.index().getFirst())
                : WireJson.any(step.index());
    }
}
