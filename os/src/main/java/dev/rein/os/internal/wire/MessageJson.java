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
 * The messages of a run. Rein's have no ids and times of their own: the id is made from the run's and the message's place in
 * it, so that it is the same whenever the message is shown; the time is the run's.
 */
final class MessageJson {
    private final RunView run;
    private final Map<String, ToolCall> calls = new HashMap<>();

    private MessageJson(RunView run) {
        this.run = run;
    }

    /** All messages of a run's own, and the system message if it is known. */
    static ArrayNode all(RunView run) {
        var form = new MessageJson(run);
        var array = WireJson.array();
        if (run.system() != null) {
            array.add(form.of(run.system(), -1));
        }
        form.own().forEach(array::add);
        return array;
    }

    /** What was said between people and the model. */
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
            node.set("images", ImageJson.of(message.images()));
        }
        node.put("created_at", WireValues.epoch(run.createdAt()));
        return node;
    }
}
