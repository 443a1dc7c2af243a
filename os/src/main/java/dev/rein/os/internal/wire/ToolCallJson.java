package dev.rein.os.internal.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.run.Decision;
import dev.rein.run.Requirement.Kind;
import dev.rein.run.ToolExecution;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The JSON of tool calls: ToolExecution, with every key present. */
final class ToolCallJson {
    private ToolCallJson() {}

    static ObjectNode of(ToolExecution tool) {
        var node = WireJson.object();
        var ended = tool.result() != null;
        var question = tool.question();
        var kind = question == null ? null : question.kind();
        node.put("tool_call_id", tool.toolCallId());
        node.put("tool_name", tool.toolName());
        node.set("tool_args", WireJson.parsed(tool.arguments()));
        node.put("tool_call_error", ended ? tool.error() : null);
        node.put("result", tool.result());
        node.set("metrics", metrics(tool));
        node.put("child_run_id", tool.childRunId());
        node.put("stop_after_tool_call", tool.stopsRun());
        node.put("created_at", WireValues.epoch(tool.startedAt()));
        node.put("requires_confirmation", kind == Kind.CONFIRMATION ? Boolean.TRUE : null);
        node.put("confirmed", confirmed(tool.decision()));
        node.put(
                "confirmation_note",
                tool.decision() == null ? null : tool.decision().note());
        node.put("requires_user_input", kind == Kind.USER_INPUT ? Boolean.TRUE : null);
        node.set(
                "user_input_schema",
                question == null || kind != Kind.USER_INPUT
                        ? null
                        : inputSchema(
                                question.fields(),
                                question.schema(),
                                tool.decision() == null
                                        ? Map.of()
                                        : tool.decision().values()));
        node.putNull("user_feedback_schema");
        node.put("answered", (kind == Kind.USER_INPUT && tool.decision() != null) ? Boolean.TRUE : null);
        node.put("external_execution_required", kind == Kind.EXTERNAL_EXECUTION ? Boolean.TRUE : null);
        node.putNull("external_execution_silent");
        node.putNull("approval_type");
        node.putNull("approval_id");
        node.putNull("parent_tool_call_id");
        return node;
    }

    static ArrayNode of(List<ToolExecution> tools) {
        var array = WireJson.array();
        tools.forEach(tool -> array.add(of(tool)));
        return array;
    }

    private static @Nullable Boolean confirmed(@Nullable Decision decision) {
        if (decision == null) {
            return null;
        }
        return switch (decision.action()) {
            case REJECT -> false;
            case CONFIRM -> true;
            default -> null;
        };
    }

    /**
     * The requested values with the answers.
     *
     * @param schema of the object with the values; null if they may have any type
     */
    static ArrayNode inputSchema(List<String> fields, @Nullable JsonNode schema, Map<String, Object> values) {
        var array = WireJson.array();
        for (var field : fields) {
            var property = schema == null
                    ? WireJson.NODES.missingNode()
                    : schema.path("properties").path(field);
            var node = array.addObject();
            node.put("name", field);
            node.put("field_type", pythonType(property.path("type").asText()));
            node.put("description", description(property));
            node.set("value", WireJson.any(values.get(field)));
        }
        return array;
    }

    private static String pythonType(String type) {
        return switch (type) {
            case "integer" -> "int";
            case "number" -> "float";
            case "boolean" -> "bool";
            case "array" -> "list";
            case "object" -> "dict";
            default -> "str";
        };
    }

    private static @Nullable String description(JsonNode property) {
        var text = property.path("description").asText(property.path("title").asText(""));
        var choices = property.path("enum");
        var chosen = choices.isArray() ? (text.isEmpty() ? "" : text + ": ") + "one of " + choices : text;
        return chosen.isEmpty() ? null : chosen;
    }

    private static @Nullable JsonNode metrics(ToolExecution tool) {
        var took = tool.duration();
        if (took == null) {
            return null;
        }
        var node = WireJson.object();
        node.put("start_time", WireValues.fraction(tool.startedAt()));
        node.put("end_time", WireValues.fraction(tool.startedAt().plus(took)));
        node.put("duration", WireValues.seconds(took));
        return node;
    }

    /** The content of ToolCallCompleted, for people. */
    static String sentence(ToolExecution tool) {
        var took = tool.duration() == null ? Duration.ZERO : tool.duration();
        var arguments = WireJson.parsed(tool.arguments());
        var named = arguments.properties().stream()
                .map(entry -> entry.getKey() + "="
                        + entry.getValue().asText(entry.getValue().toString()))
                .collect(Collectors.joining(", "));
        return String.format(
                Locale.ROOT, "%s(%s) completed in %.4fs. ", tool.toolName(), named, WireValues.seconds(took));
    }
}
