package dev.rein.anthropic.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.http.ProviderJson;
import dev.rein.model.ToolCall;
import java.util.List;

/** A content block of a response that is being received. Confined to one thread. */
final class ContentBlock {
    private final ObjectNode beginning;
    private final String type;
    private final StringBuilder text = new StringBuilder();
    private final StringBuilder signature = new StringBuilder();
    private final StringBuilder input = new StringBuilder();

    /** @param beginning the block as its first event has it */
    ContentBlock(ObjectNode beginning) {
        this.beginning = beginning;
        type = ProviderJson.text(beginning, "type");
        signature.append(ProviderJson.text(beginning, "signature"));
    }

    boolean isText() {
        return type.equals("text");
    }

    boolean isThinking() {
        return type.equals("thinking");
    }

    boolean isToolUse() {
        return type.equals("tool_use");
    }

    void addText(String delta) {
        text.append(delta);
    }

    void addSignature(String delta) {
        signature.append(delta);
    }

    void addInput(String fragment) {
        input.append(fragment);
    }

    /** Adds the complete block to the tool calls and to the order of blocks. */
    void addTo(List<ToolCall> calls, ResponseBlocks order) {
        switch (type) {
            case "text" -> order.addText(text.length());
            case "tool_use" -> {
                calls.add(new ToolCall(
                        ProviderJson.text(beginning, "id"), ProviderJson.text(beginning, "name"), arguments()));
                order.addToolUse();
            }
            case "thinking" -> {
                // Without a signature, the provider would not accept it back.
                if (!signature.isEmpty()) {
                    order.addUnchanged(MessagesRequestMapper.object()
                            .put("type", type)
                            .put("thinking", text.toString())
                            .put("signature", signature.toString()));
                }
            }
            default -> order.addUnchanged(withInput());
        }
    }

    /** The arguments of a tool call. Some servers send them in the first event. */
    private String arguments() {
        if (!input.isEmpty()) {
            return input.toString();
        }
        var whole = beginning.path("input");
        return whole.isObject() ? whole.toString() : "{}";
    }

    private ObjectNode withInput() {
        if (input.isEmpty()) {
            return beginning;
        }
        var block = beginning.deepCopy();
        try {
            block.set("input", ProviderJson.mapper().readTree(input.toString()));
        } catch (JsonProcessingException e) {
            // A block that was cut off keeps the input of its first event.
            return beginning;
        }
        return block;
    }
}
