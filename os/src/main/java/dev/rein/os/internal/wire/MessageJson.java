package dev.rein.os.internal.wire;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.model.Message;
import dev.rein.model.Role;
import dev.rein.model.ToolCall;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/**
 * The JSON of a run's messages. Messages have neither ids nor times: the id is derived from the run id and the
 * message's position, so that it is stable; the time is that of the run.
 */
final class MessageJson {
    private final RunView run;
    private final Map<String, ToolCall> calls = new HashMap<>();

    private MessageJson(RunView run) {
        this.run = run;
    }

    /** The run's own messages, and the system message if known. */
    static ArrayNode all(RunView run) {
        var json = new MessageJson(run);
        var array = WireJson.array();
        if (run.system() != null) {
            array.add(json.of(run.system(), -1));
        }
        json.own().forEach(array::add);
        return array;
    }

    /** The messages between users and the model, without tool results. */
    static List<ObjectNode> chat(RunView run) {
        return new MessageJson(run)
                .own().stream()
                        .filter(node -> !"tool".equals(node.path("role").textValue()))
                        .toList();
    }

    private List<ObjectNode> own() {
        var nodes = new java.util.ArrayList<ObjectNode>();
        for (var i = 0; i < run.messages().size(); i++) {
            nodes.add(of(run.messages().get(i), i));
        }
        return nodes;
    }

    private ObjectNode of(Message message, int place) {
        var node = WireJson.object();
        var id = run.runId() + "/" + place;
        node.put(
                "id",
                UUID.nameUUIDFromBytes(id.getBytes(StandardCharsets.UTF_8)).toString());
        if (!message.content().isEmpty() || message.toolCalls().isEmpty()) {
            node.put("content", message.content());
        }
        WireValues.put(node, "reasoning_content", message.reasoning());
        node.put("from_history", false);
        node.put("stop_after_tool_call", false);
        node.put("role", message.role().name().toLowerCase(Locale.ROOT));
        if (message.role() == Role.TOOL) {
            node.put("tool_call_id", message.toolCallId());
            node.put("tool_name", message.toolName());
            var call = calls.get(String.valueOf(message.toolCallId()));
            node.set("tool_args", WireJson.parsed(call == null ? "{}" : call.arguments()));
            node.put("tool_call_error", message.toolError());
        }
        if (!message.toolCalls().isEmpty()) {
            var wanted = node.putArray("tool_calls");
            for (var call : message.toolCalls()) {
                calls.put(call.id(), call);
                wanted.addObject()
                        .put("id", call.id())
                        .put("type", "function")
                        .putObject("function")
                        .put("name", call.name())
                        .put("arguments", call.arguments());
            }
        }
        if (!message.images().isEmpty()) {
            node.set("images", MediaJson.images(message.images()));
        }
        MediaJson.putFiles(node, message.files());
        node.put("created_at", WireValues.epoch(run.createdAt()));
        return node;
    }
}
