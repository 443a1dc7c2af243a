package dev.rein.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.model.Role;
import dev.rein.model.ToolCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the messages of a request in OpenAI's format, and reports what is invalid. */
final class RequestMessages {
    private static final Set<String> TEXT_PARTS = Set.of("text", "input_text", "output_text", "refusal");

    private final List<String> found;
    private final List<CheckedMessage> entries = new ArrayList<>();

    private RequestMessages(List<String> found) {
        this.found = found;
    }

    static List<CheckedMessage> read(JsonNode body, List<String> found) {
        var reader = new RequestMessages(found);
        if (body.path("messages").isArray()) {
            reader.chat(body.get("messages"));
        } else if (body.has("input")) {
            reader.responses(body);
        } else {
            found.add("the body has neither \"messages\" nor \"input\"");
        }
        return reader.entries;
    }

    private void chat(JsonNode messages) {
        for (var i = 0; i < messages.size(); i++) {
            var message = messages.get(i);
            var where = "messages[" + i + "]";
            var role = role(message.path("role").asText(), where);
            if (role == null) {
                continue;
            }
            var calls = new ArrayList<ToolCall>();
            if (message.path("tool_calls").isArray()
                    && message.get("tool_calls").isEmpty()) {
                found.add(where + " has an empty list of tool_calls: leave the field out");
            }
            for (var call : message.path("tool_calls")) {
                if (!call.path("type").asText().equals("function")) {
                    found.add(where + " has a call whose type is not \"function\"");
                }
                calls.add(call(call.path("id"), call.path("function"), where));
            }
            entries.add(entry(where, role, message.path("content"), calls, text(message.get("tool_call_id"))));
        }
    }

    private void responses(JsonNode body) {
        if (body.hasNonNull("instructions")) {
            entries.add(entry("instructions", Role.SYSTEM, body.get("instructions"), List.of(), null));
        }
        var input = body.get("input");
        if (input.isTextual()) {
            entries.add(entry("input", Role.USER, input, List.of(), null));
            return;
        }
        for (var i = 0; i < input.size(); i++) {
            item(input.get(i), "input[" + i + "]", i + 1 < input.size() ? input.get(i + 1) : null);
        }
        if (body.hasNonNull("previous_response_id")) {
            dropAnswersToEarlierResponses();
        }
    }

    private void item(JsonNode item, String where, @Nullable JsonNode next) {
        var type = item.path("type").asText("message");
        switch (type) {
            case "message" -> {
                var role = role(item.path("role").asText(), where);
                if (role != null) {
                    entries.add(entry(where, role, item.path("content"), List.of(), null));
                }
            }
            case "function_call" -> addCall(call(item.path("call_id"), item, where), where);
            case "function_call_output" ->
                entries.add(entry(where, Role.TOOL, item.path("output"), List.of(), text(item.get("call_id"))));
            case "reasoning" -> {
                var follower = next == null ? "" : next.path("type").asText("message");
                if (!Set.of("function_call", "reasoning").contains(follower)
                        && !(follower.equals("message")
                                && next != null
                                && next.path("role").asText().equals("assistant"))) {
                    found.add(where + " is reasoning without the item that it led to right after it");
                }
            }
            default -> found.add(where + " has the type \"" + type + "\", which is not known here");
        }
    }

    /** Adds a call to the assistant message before it: adjacent calls and the text before them form one message. */
    private void addCall(ToolCall call, String where) {
        if (!entries.isEmpty() && entries.getLast().role() == Role.ASSISTANT) {
            var before = entries.removeLast();
            var calls = new ArrayList<>(before.calls());
            calls.add(call);
            entries.add(new CheckedMessage(before.where(), Role.ASSISTANT, before.text(), before.other(), calls, null));
        } else {
            entries.add(new CheckedMessage(where, Role.ASSISTANT, null, false, List.of(call), null));
        }
    }

    /** With {@code previous_response_id}, results at the beginning belong to calls that only the server has. */
    private void dropAnswersToEarlierResponses() {
        var first = 0;
        while (first < entries.size() && entries.get(first).role() == Role.SYSTEM) {
            first++;
        }
        var answered = false;
        while (first < entries.size() && entries.get(first).role() == Role.TOOL) {
            entries.remove(first);
            answered = true;
        }
        if (answered) {
            entries.add(
                    first, new CheckedMessage("previous_response_id", Role.USER, "answers", false, List.of(), null));
        }
    }

    private ToolCall call(JsonNode id, JsonNode function, String where) {
        if (!function.path("arguments").isTextual()) {
            found.add(where + " has a call whose arguments are no string");
        }
        return new ToolCall(
                id.asText(""),
                function.path("name").asText(""),
                function.path("arguments").asText(""));
    }

    private CheckedMessage entry(
            String where, Role role, JsonNode content, List<ToolCall> calls, @Nullable String callId) {
        if (content.isTextual()) {
            return new CheckedMessage(where, role, content.asText(), false, calls, callId);
        }
        if (!content.isArray()) {
            if (role != Role.ASSISTANT || !(content.isNull() || content.isMissingNode())) {
                found.add(where + " has content that is neither a string nor a list of parts");
            }
            return new CheckedMessage(where, role, null, false, calls, callId);
        }
        var text = new StringBuilder();
        var texts = 0;
        var others = 0;
        for (var part : content) {
            if (TEXT_PARTS.contains(part.path("type").asText())) {
                texts++;
                text.append(part.path("text").asText(part.path("refusal").asText()));
            } else {
                others++;
            }
        }
        return new CheckedMessage(where, role, texts == 0 ? null : text.toString(), others > 0, calls, callId);
    }

    private @Nullable Role role(String role, String where) {
        return switch (role) {
            case "system", "developer" -> Role.SYSTEM;
            case "user" -> Role.USER;
            case "assistant" -> Role.ASSISTANT;
            case "tool" -> Role.TOOL;
            default -> {
                found.add(where + " has the role \"" + role
                        + "\": it must be system, developer, user, assistant or tool");
                yield null;
            }
        };
    }

    private static @Nullable String text(@Nullable JsonNode node) {
        return node == null || node.isNull() ? null : node.asText();
    }
}
