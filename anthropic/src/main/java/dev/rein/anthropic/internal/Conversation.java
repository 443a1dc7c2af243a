package dev.rein.anthropic.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.http.ProviderJson;
import dev.rein.model.Image;
import dev.rein.model.InputFile;
import dev.rein.model.Message;
import dev.rein.model.OutgoingRequests;
import dev.rein.model.ToolCall;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The messages of a request: those of user and tools become user messages, adjacent messages of the same role are merged, and the first
 * and the last message are the user's.
 */
final class Conversation {
    private static final String USER = "user";
    private static final String ASSISTANT = "assistant";

    /** Asks for more after an answer. Several models reject a conversation that ends with an answer, and others would continue its text. */
    private static final String CONTINUE = "(Continue.)";

    private final ArrayNode messages = MessagesRequestMapper.array();

    private Conversation() {}

    /** @param messages prepared for sending; those of the system are left out */
    static ArrayNode of(List<Message> messages) {
        var conversation = new Conversation();
        for (var message : messages) {
            conversation.add(message);
        }
        if (conversation.messages.isEmpty()) {
            conversation.content(USER).add(text(OutgoingRequests.EMPTY_INPUT));
        } else if (conversation.lastRole().equals(ASSISTANT)) {
            conversation.content(USER).add(text(CONTINUE));
        }
        return conversation.messages;
    }

    static ObjectNode text(String text) {
        return MessagesRequestMapper.object().put("type", "text").put("text", text);
    }

    /** Whether the last message answers tool calls that came without thinking. */
    static boolean endsWithResultsOfCallsWithoutThinking(ArrayNode messages) {
        if (messages.size() < 2
                || !isOfType(messages.path(messages.size() - 1).path("content").path(0), "tool_result")) {
            return false;
        }
        var first = messages.path(messages.size() - 2).path("content").path(0);
        return !isOfType(first, "thinking") && !isOfType(first, "redacted_thinking");
    }

    private static boolean isOfType(JsonNode block, String type) {
        return block.path("type").asText().equals(type);
    }

    private void add(Message message) {
        switch (message.role()) {
            case SYSTEM -> {}
            case USER -> addUser(message, content(USER));
            case ASSISTANT -> {
                if (messages.isEmpty()) {
                    content(USER).add(text(OutgoingRequests.EMPTY_INPUT));
                }
                ResponseBlocks.addTo(content(ASSISTANT), message);
            }
            case TOOL -> content(USER).add(result(message));
        }
    }

    /** The content of the last message if it has this role, otherwise of a new one. */
    private ArrayNode content(String role) {
        if (!lastRole().equals(role)) {
            messages.addObject().put("role", role).putArray("content");
        }
        return (ArrayNode) messages.path(messages.size() - 1).path("content");
    }

    private String lastRole() {
        return messages.path(messages.size() - 1).path("role").asText();
    }

    /** Images before the text, as the provider recommends. */
    private static void addUser(Message message, ArrayNode content) {
        for (var image : message.images()) {
            content.addObject().put("type", "image").set("source", source(image));
        }
        for (var file : message.files()) {
            content.addObject()
                    .put("type", "document")
                    .put("title", file.name())
                    .set("source", source(file));
        }
        if (!message.content().isBlank()) {
            content.add(text(message.content()));
        }
    }

    private static ObjectNode source(InputFile file) {
        var source = MessagesRequestMapper.object();
        return file.mediaType().startsWith("text/")
                ? source.put("type", "text")
                        .put("media_type", "text/plain")
                        .put("data", new String(file.bytes(), StandardCharsets.UTF_8))
                : source.put("type", "base64")
                        .put("media_type", file.mediaType())
                        .put("data", file.base64());
    }

    private static ObjectNode source(Image image) {
        var source = MessagesRequestMapper.object();
        return image.base64() == null
                ? source.put("type", "url").put("url", image.url())
                : source.put("type", "base64")
                        .put("media_type", image.mimeType())
                        .put("data", image.base64());
    }

    private static ObjectNode result(Message message) {
        var result = MessagesRequestMapper.object().put("type", "tool_result").put("tool_use_id", message.toolCallId());
        if (!message.content().isBlank()) {
            result.put("content", message.content());
        }
        if (message.toolError()) {
            result.put("is_error", true);
        }
        return result;
    }

    static ObjectNode call(ToolCall call) {
        var block = MessagesRequestMapper.object()
                .put("type", "tool_use")
                .put("id", call.id())
                .put("name", call.name());
        block.set("input", ProviderJson.argumentsTree(call.arguments()));
        return block;
    }
}
