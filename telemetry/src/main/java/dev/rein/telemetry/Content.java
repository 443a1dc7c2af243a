package dev.rein.telemetry;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.rein.model.Message;
import dev.rein.model.Role;
import dev.rein.run.RunOutput;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The content of a run as the conventions' JSON: as it was delivered, after the guardrails. Its texts together have a maximum
 * length, after which they are cut. Not thread-safe.
 */
final class Content {
    /** Even empty messages cost something. */
    private static final int MAX_MESSAGES = 1_000;

    private final ArrayNode messages = JsonNodeFactory.instance.arrayNode();
    private int left;

    private Content(int maxLength) {
        left = maxLength;
    }

    static String input(RunOutput output, int maxLength) {
        var content = new Content(maxLength);
        content.text("user", output.input().text());
        return content.messages.toString();
    }

    /** The messages that the run has added; of a workflow, its result. */
    static String output(RunOutput output, int maxLength) {
        var content = new Content(maxLength);
        var all = output.messages();
        var own = all.subList(Math.clamp(output.historySize(), 0, all.size()), all.size());
        if (own.stream().noneMatch(message -> message.role() == Role.ASSISTANT)) {
            content.text("assistant", output.text());
        } else {
            content.addAll(own);
        }
        return content.messages.toString();
    }

    private void addAll(List<Message> own) {
        for (var message : own) {
            if (messages.size() == MAX_MESSAGES || left == 0) {
                return;
            }
            switch (message.role()) {
                case ASSISTANT -> response(message);
                case TOOL -> toolResult(message);
                default -> {}
            }
        }
    }

    private void response(Message message) {
        var parts = parts("assistant");
        if (!message.content().isEmpty()) {
            parts.addObject().put("type", "text").put("content", cut(message.content()));
        }
        for (var call : message.toolCalls()) {
            parts.addObject()
                    .put("type", "tool_call")
                    .put("id", call.id())
                    .put("name", call.name())
                    .put("arguments", cut(call.arguments()));
        }
    }

    private void toolResult(Message message) {
        parts("tool")
                .addObject()
                .put("type", "tool_call_response")
                .put("id", message.toolCallId())
                .put("response", cut(message.content()));
    }

    private void text(String role, String text) {
        parts(role).addObject().put("type", "text").put("content", cut(text));
    }

    private ArrayNode parts(String role) {
        return messages.addObject().put("role", role).putArray("parts");
    }

    private String cut(@Nullable String text) {
        var kept = cut(text == null ? "" : text, left);
        left -= kept.length();
        return kept;
    }

    /** The beginning of a text, without half a character. */
    static String cut(String text, int maxLength) {
        if (text.length() <= maxLength) {
            return text;
        }
        var torn = maxLength > 0 && Character.isSurrogatePair(text.charAt(maxLength - 1), text.charAt(maxLength));
        return text.substring(0, torn ? maxLength - 1 : maxLength);
    }
}
