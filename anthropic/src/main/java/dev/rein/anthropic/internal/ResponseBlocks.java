package dev.rein.anthropic.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.model.Message;
import dev.rein.model.Model;
import dev.rein.model.ProviderData;
import org.jspecify.annotations.Nullable;

/**
 * The order of the content blocks of a response, with those that the provider wants back unchanged: thinking with its signature, redacted
 * thinking, and blocks of types that are not known here. Text and tool calls are places in this order; their content is that of the
 * message.
 *
 * <pre>
 *   [{"type": "thinking", "thinking": .., "signature": ..}, {"type": "text", "length": 12}, {"type": "tool_use"}]
 * </pre>
 */
final class ResponseBlocks {
    private final ArrayNode blocks = MessagesRequestMapper.array();
    private boolean isNeeded;

    /** A text of so many characters. */
    void addText(int length) {
        blocks.addObject().put("type", "text").put("length", length);
    }

    void addToolUse() {
        blocks.addObject().put("type", "tool_use");
    }

    void addUnchanged(ObjectNode block) {
        blocks.add(block);
        isNeeded = true;
    }

    /** Null if the message says all. */
    @Nullable
    ProviderData data(Model model) {
        return isNeeded ? ProviderData.of(model, blocks) : null;
    }

    /**
     * Adds the content of an assistant's message: in the order of the response, or, if that does not fit to the message or is not known,
     * thinking, text and calls.
     */
    static void addTo(ArrayNode content, Message message) {
        var data = message.providerData();
        var order = data == null ? MessagesRequestMapper.array() : data.data();
        if (fits(order, message)) {
            addInOrder(content, order, message);
            return;
        }
        for (var block : order) {
            if (isThinking(block)) {
                content.add(block);
            }
        }
        if (!message.content().isBlank()) {
            content.add(Conversation.text(message.content()));
        }
        message.toolCalls().forEach(call -> content.add(Conversation.call(call)));
    }

    private static boolean fits(JsonNode order, Message message) {
        var length = 0;
        var calls = 0;
        for (var block : order) {
            switch (block.path("type").asText("")) {
                case "text" -> length += block.path("length").asInt();
                case "tool_use" -> calls++;
                case "thinking", "redacted_thinking" -> {
                    if (!isThinking(block)) {
                        return false;
                    }
                }
                case "" -> {
                    return false;
                }
                default -> {}
            }
        }
        return order.isArray()
                && !order.isEmpty()
                && length == message.content().length()
                && calls == message.toolCalls().size();
    }

    private static boolean isThinking(JsonNode block) {
        return switch (block.path("type").asText("")) {
            case "thinking" ->
                block.path("thinking").isTextual()
                        && !block.path("signature").asText("").isEmpty();
            case "redacted_thinking" -> block.path("data").isTextual();
            default -> false;
        };
    }

    private static void addInOrder(ArrayNode content, JsonNode order, Message message) {
        var begin = 0;
        var calls = message.toolCalls().iterator();
        for (var block : order) {
            switch (block.path("type").asText()) {
                case "text" -> {
                    var end = begin + block.path("length").asInt();
                    var text = message.content().substring(begin, end);
                    if (!text.isBlank()) {
                        content.add(Conversation.text(text));
                    }
                    begin = end;
                }
                case "tool_use" -> content.add(Conversation.call(calls.next()));
                default -> content.add(block);
            }
        }
    }
}
