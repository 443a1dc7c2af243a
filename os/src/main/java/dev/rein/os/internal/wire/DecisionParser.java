package dev.rein.os.internal.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.run.Decision;
import dev.rein.run.Requirement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** Parses the decisions of {@code .../continue}: clients send the requirements back with the answers filled in. */
public final class DecisionParser {
    private DecisionParser() {}

    /**
     * Parses the decisions for an agent: the field {@code tools}, a list of ToolExecution.
     *
     * @param json the value of the field; null or empty for no decisions
     * @param open the open requirements of the run
     * @return a decision for each answered requirement; answers to others are ignored
     * @throws IllegalArgumentException if the field can't be parsed; the message is meant for the client
     */
    public static List<Decision> tools(@Nullable String json, List<Requirement> open) {
        return all("tools", json, open, DecisionParser::isTool, DecisionParser::ofTool);
    }

    /** Parses the decisions for a team: the field {@code requirements}, a list of RunRequirement. */
    public static List<Decision> requirements(@Nullable String json, List<Requirement> open) {
        return all("requirements", json, open, DecisionParser::isRequirement, DecisionParser::ofRequirement);
    }

    /** Parses the decisions for a workflow: the field {@code step_requirements}, a list of StepRequirement. */
    public static List<Decision> stepRequirements(@Nullable String json, List<Requirement> open) {
        var field = "step_requirements";
        var decided = new LinkedHashMap<String, Decision>();
        for (var given : read(field, json)) {
            var nested = given.path("executor_requirements");
            for (var each : nested) {
                match(each, open, DecisionParser::isRequirement, DecisionParser::ofRequirement, decided);
            }
            if (nested.isEmpty()) {
                match(given, open, DecisionParser::isStep, DecisionParser::ofStep, decided);
            }
        }
        return List.copyOf(decided.values());
    }

    private static List<Decision> all(
            String field,
            @Nullable String json,
            List<Requirement> open,
            BiPredicate<JsonNode, Requirement> isFor,
            BiFunction<JsonNode, Requirement, Optional<Decision>> answer) {
        var decided = new LinkedHashMap<String, Decision>();
        for (var given : read(field, json)) {
            match(given, open, isFor, answer, decided);
        }
        return List.copyOf(decided.values());
    }

    /** Adds the decision unless the requirement already has one. */
    private static void match(
            JsonNode given,
            List<Requirement> open,
            BiPredicate<JsonNode, Requirement> isFor,
            BiFunction<JsonNode, Requirement, Optional<Decision>> answer,
            Map<String, Decision> decided) {
        for (var requirement : open) {
            if (!decided.containsKey(requirement.id()) && isFor.test(given, requirement)) {
                answer.apply(given, requirement).ifPresent(decision -> decided.put(requirement.id(), decision));
                return;
            }
        }
    }

    private static List<JsonNode> read(String field, @Nullable String json) {
        if (json == null || json.isBlank()) {
            return List.of();
        }
        JsonNode list;
        try {
            list = WireJson.mapper().readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("Invalid JSON in " + field + " field", e);
        }
        if (!list.isArray()) {
            throw new IllegalArgumentException("Invalid " + field + ": expected a JSON array of objects");
        }
        var all = new ArrayList<JsonNode>();
        for (var each : list) {
            if (!each.isObject()) {
                throw new IllegalArgumentException("Invalid " + field + ": expected a JSON array of objects");
            }
            all.add(each);
        }
        return all;
    }

    // ---- matching requirements

    private static boolean isTool(JsonNode tool, Requirement requirement) {
        return requirement.tool() != null
                && requirement
                        .tool()
                        .toolCallId()
                        .equals(tool.path("tool_call_id").textValue());
    }

    private static boolean isRequirement(JsonNode given, Requirement requirement) {
        var id = given.path("id").textValue();
        return id != null ? id.equals(requirement.id()) : isTool(given.path("tool_execution"), requirement);
    }

    private static boolean isStep(JsonNode given, Requirement requirement) {
        var step = requirement.step();
        var id = given.path("step_id").textValue();
        return step != null
                && requirement.tool() == null
                && (id != null
                        ? id.equals(step.stepId())
                        : step.stepName().equals(given.path("step_name").textValue()));
    }

    // ---- decisions

    private static Optional<Decision> ofTool(JsonNode tool, Requirement requirement) {
        var note = text(tool, "confirmation_note");
        return of(
                requirement, flag(tool, "confirmed"), note, values(tool.path("user_input_schema")), tool.get("result"));
    }

    private static Optional<Decision> ofRequirement(JsonNode given, Requirement requirement) {
        var tool = given.path("tool_execution");
        var confirmed = flag(given, "confirmation");
        var note = text(given, "confirmation_note");
        var values = values(given.path("user_input_schema"));
        if (requirement.kind() == Requirement.Kind.REVIEW) {
            return ofReview(given, requirement, confirmed, note);
        }
        var result = given.get("external_execution_result");
        return of(
                requirement,
                confirmed != null ? confirmed : flag(tool, "confirmed"),
                note != null ? note : text(tool, "confirmation_note"),
                values.isEmpty() ? values(tool.path("user_input_schema")) : values,
                result != null && !result.isNull() ? result : tool.get("result"));
    }

    private static Optional<Decision> ofStep(JsonNode given, Requirement requirement) {
        var confirmed = flag(given, "confirmed");
        var note = text(given, "rejection_feedback");
        return switch (requirement.kind()) {
            case ERROR -> ofError(given, requirement, confirmed);
            case ROUTE -> ofRoute(given, requirement, confirmed, note);
            case REVIEW -> ofReview(given, requirement, confirmed, note);
            default -> {
                var values = new LinkedHashMap<>(values(given.path("user_input_schema")));
                values.putAll(object(given.path("user_input")));
                var result = values.get("result");
                yield of(requirement, confirmed, note, values, result == null ? null : WireJson.any(result));
            }
        };
    }

    private static Optional<Decision> ofError(JsonNode given, Requirement requirement, @Nullable Boolean confirmed) {
        var id = requirement.id();
        var decision = text(given, "decision");
        return switch (decision == null ? "" : decision) {
            case "retry" -> Optional.of(Decision.retry(id));
            case "skip" -> Optional.of(Decision.skip(id));
            case "fail", "cancel" -> Optional.of(Decision.reject(id));
            default ->
                confirmed == null
                        ? Optional.empty()
                        : Optional.of(confirmed ? Decision.retry(id) : Decision.reject(id));
        };
    }

    private static Optional<Decision> ofReview(
            JsonNode given, Requirement requirement, @Nullable Boolean confirmed, @Nullable String note) {
        if (confirmed == null) {
            return Optional.empty();
        }
        if (!confirmed) {
            return Optional.of(rejected(requirement, note));
        }
        var edited = given.path("edited_output");
        return Optional.of(
                edited.isMissingNode() || edited.isNull()
                        ? Decision.confirm(requirement.id())
                        : Decision.edit(requirement.id(), edited.isTextual() ? edited.textValue() : edited.toString()));
    }

    private static Optional<Decision> ofRoute(
            JsonNode given, Requirement requirement, @Nullable Boolean confirmed, @Nullable String note) {
        var choices = new ArrayList<String>();
        given.path("selected_choices").forEach(choice -> choices.add(choice.asText()));
        if (!choices.isEmpty()) {
            return Optional.of(Decision.choose(requirement.id(), choices.toArray(String[]::new)));
        }
        return Boolean.FALSE.equals(confirmed) ? Optional.of(rejected(requirement, note)) : Optional.empty();
    }

    private static Optional<Decision> of(
            Requirement requirement,
            @Nullable Boolean confirmed,
            @Nullable String note,
            Map<String, Object> values,
            @Nullable JsonNode result) {
        if (Boolean.FALSE.equals(confirmed)) {
            return Optional.of(rejected(requirement, note));
        }
        var id = requirement.id();
        return switch (requirement.kind()) {
            case CONFIRMATION -> confirmed == null ? Optional.empty() : Optional.of(Decision.confirm(id));
            case USER_INPUT -> values.isEmpty() ? Optional.empty() : Optional.of(Decision.input(id, values));
            case EXTERNAL_EXECUTION ->
                result == null || result.isNull()
                        ? Optional.empty()
                        : Optional.of(Decision.result(id, result.isTextual() ? result.textValue() : result.toString()));
            case ERROR, ROUTE, REVIEW -> Optional.empty();
        };
    }

    private static Decision rejected(Requirement requirement, @Nullable String note) {
        return note == null ? Decision.reject(requirement.id()) : Decision.reject(requirement.id(), note);
    }

    // ---- values

    private static @Nullable Boolean flag(JsonNode node, String key) {
        var value = node.path(key);
        return value.isBoolean() ? value.booleanValue() : null;
    }

    private static @Nullable String text(JsonNode node, String key) {
        return node.path(key).textValue();
    }

    private static Map<String, Object> values(JsonNode schema) {
        var values = new LinkedHashMap<String, Object>();
        for (var field : schema) {
            var value = field.path("value");
            var name = field.path("name").textValue();
            if (name != null && !value.isMissingNode() && !value.isNull()) {
                values.put(name, WireJson.mapper().convertValue(value, Object.class));
            }
        }
        return values;
    }

    private static Map<String, Object> object(JsonNode node) {
        var values = new LinkedHashMap<String, Object>();
        for (var entry : node.properties()) {
            if (!entry.getValue().isNull()) {
                values.put(entry.getKey(), WireJson.mapper().convertValue(entry.getValue(), Object.class));
            }
        }
        return values;
    }
}
