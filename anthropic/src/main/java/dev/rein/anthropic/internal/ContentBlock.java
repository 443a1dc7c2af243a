package dev.rein.anthropic.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.http.ProviderJson;
import dev.rein.http.ToolCallJson;
import dev.rein.model.ToolCall;
import java.util.List;

/** A content block of a response that is being received. Confined to one thread. */
final class ContentBlock {
    private static final String NO_ARGUMENTS = "{}";

    private final ObjectNode beginning;
    private final String type;
    private final StringBuilder text = new StringBuilder();
    private final StringBuilder signature = new StringBuilder();
    private final StringBuilder input = new StringBuilder();
    private boolean ended;

    /** @param beginning the block as its first event has it */
    ContentBlock(ObjectNode beginning) {
        this.beginning = beginning;
        type = ProviderJson.text(beginning, "type");
        signature.append(ProviderJson.text(beginning, "signature"));
    }

    /** The type of the block that a delta of a type belongs to. */
    static String typeOf(String deltaType) {
        return switch (deltaType) {
            case "text_delta" -> "text";
            case "thinking_delta", "signature_delta" -> "thinking";
            default -> "tool_use";
        };
    }

    /** Whether a delta of the type can belong to this block. */
    boolean accepts(String deltaType) {
        var expected = typeOf(deltaType);
        // There are other types of calls than those of tools here.
        return expected.equals("tool_use") ? !isText() && !isThinking() : expected.equals(type);
    }

    /** Whether the same block is begun once more. */
    boolean isBeginningOf(ObjectNode other) {
        var id = ProviderJson.text(beginning, "id");
        return other.equals(beginning) && (!id.isEmpty() || (!ended && text.isEmpty() && input.isEmpty()));
    }

    /** Begins the call once more. */
    void restart() {
        input.setLength(0);
    }

    void end() {
        ended = true;
    }

    boolean isEnded() {
        return ended;
    }

    StringBuilder text() {
        return text;
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
                var call = new ToolCall(
                        ProviderJson.text(beginning, "id"), ProviderJson.text(beginning, "name"), arguments());
                // A call that is sent once more is one call.
                if (call.id().isEmpty() || !calls.contains(call)) {
                    calls.add(call);
                    order.addToolUse();
                }
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
        var first = ToolCallJson.text(ToolCallJson.arguments(beginning)).strip();
        var received = input.toString();
        if (received.isBlank() || (received.strip().equals(NO_ARGUMENTS) && first.startsWith("{"))) {
            return first.isEmpty() || first.equals("null") ? NO_ARGUMENTS : first;
        }
        return received;
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
