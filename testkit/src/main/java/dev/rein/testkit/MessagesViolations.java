package dev.rein.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What Anthropic's server rejects in a request. Sources: <a href="https://platform.claude.com/docs/en/api/messages/create">API
 * reference</a>, <a href="https://platform.claude.com/docs/en/build-with-claude/extended-thinking">extended thinking</a>, <a
 * href="https://platform.claude.com/docs/en/build-with-claude/prompt-caching">prompt caching</a>, and the answers quoted at {@link
 * MessageRules#ANTHROPIC}. The server itself merges adjacent messages of the same role; here they are violations, because other servers
 * with this API do not.
 */
final class MessagesViolations {
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_-]{1,64}");
    private static final int SMALLEST_BUDGET = 1024;
    private static final int MOST_CACHE_POINTS = 4;

    private final JsonNode body;
    private final List<String> found = new ArrayList<>();
    private final Set<String> ids = new HashSet<>();

    private MessagesViolations(JsonNode body) {
        this.body = body;
    }

    static List<String> of(ReceivedRequest request) {
        var rules = new MessagesViolations(request.body());
        if (request.header("x-api-key") == null && request.header("authorization") == null) {
            rules.found.add("x-api-key header is required");
        }
        if (request.header("anthropic-version") == null) {
            rules.found.add("anthropic-version: header is required");
        }
        rules.judgeParameters();
        rules.judgeMessages();
        return rules.found;
    }

    private void judgeParameters() {
        if (body.path("model").asText("").isEmpty()) {
            found.add("model: Field required");
        }
        var maxTokens = body.path("max_tokens").asInt(0);
        if (maxTokens < 1) {
            found.add("max_tokens: Field required");
        }
        if (body.path("temperature").asDouble(1) > 1) {
            found.add("temperature: Input should be less than or equal to 1");
        }
        judgeThinking(maxTokens);
        if (body.has("tool_choice") && body.path("tools").isEmpty()) {
            found.add("tool_choice: may only be specified while providing tools");
        }
        for (var tool : body.path("tools")) {
            if (!NAME.matcher(tool.path("name").asText()).matches()) {
                found.add("tools: the name \"" + tool.path("name").asText() + "\" does not match " + NAME);
            }
            if (!tool.path("input_schema").path("type").asText().equals("object")) {
                found.add("tools: the input_schema of " + tool.path("name").asText() + " is not of type object");
            }
        }
        if (body.findValues("cache_control").size() > MOST_CACHE_POINTS) {
            found.add("a maximum of " + MOST_CACHE_POINTS + " blocks with cache_control may be provided");
        }
        for (var block : body.path("system")) {
            judgeText(block, "system");
        }
    }

    private void judgeThinking(int maxTokens) {
        var thinking = body.path("thinking");
        var enabled =
                Set.of("enabled", "adaptive").contains(thinking.path("type").asText());
        if (!enabled) {
            return;
        }
        var budget = thinking.path("budget_tokens").asInt(SMALLEST_BUDGET);
        if (budget < SMALLEST_BUDGET) {
            found.add("thinking.budget_tokens: must be greater than or equal to " + SMALLEST_BUDGET);
        }
        if (budget >= maxTokens) {
            found.add("max_tokens must be greater than thinking.budget_tokens");
        }
        if (body.path("temperature").asDouble(1) != 1) {
            found.add("temperature may only be set to 1 when thinking is enabled");
        }
        if (Set.of("any", "tool").contains(body.path("tool_choice").path("type").asText())) {
            found.add("thinking may not be enabled when tool_choice forces tool use");
        }
    }

    private void judgeMessages() {
        var messages = body.path("messages");
        if (messages.isEmpty()) {
            found.add("messages: at least one message is required");
        }
        var expected = "user";
        Set<String> asked = Set.of();
        for (var i = 0; i < messages.size(); i++) {
            var message = messages.get(i);
            var where = "messages." + i;
            var role = message.path("role").asText();
            if (!role.equals(expected)) {
                found.add(where + ": the role is \"" + role + "\", but roles alternate, beginning with \"user\"");
            }
            expected = role.equals("user") ? "assistant" : "user";
            var content = message.path("content");
            if (content.isEmpty() && content.asText("").isEmpty()) {
                found.add(where + ": all messages must have non-empty content");
            }
            if (role.equals("assistant")) {
                asked = judgeAssistant(content, where);
            } else {
                judgeUser(content, asked, where);
                asked = Set.of();
            }
        }
        if (!asked.isEmpty()) {
            found.add("tool_use ids were found without tool_result blocks immediately after: " + asked);
        }
        judgeEnd(messages);
    }

    private Set<String> judgeAssistant(JsonNode content, String where) {
        var asked = new LinkedHashSet<String>();
        var others = false;
        for (var block : content) {
            switch (block.path("type").asText()) {
                case "tool_use" -> {
                    others = true;
                    var id = block.path("id").asText();
                    if (!Pattern.matches("[a-zA-Z0-9_-]+", id) || !ids.add(id)) {
                        found.add(where + ": the tool_use id \"" + id + "\" is not valid, or not unique");
                    }
                    if (!NAME.matcher(block.path("name").asText()).matches()
                            || !block.path("input").isObject()) {
                        found.add(where + ": the tool_use " + id + " has no valid name, or its input is no object");
                    }
                    asked.add(id);
                }
                case "thinking" -> {
                    if (block.path("signature").asText("").isEmpty()) {
                        found.add(where + ": thinking.signature: Field required");
                    }
                }
                case "redacted_thinking" -> {}
                case "server_tool_use", "web_search_tool_result" -> others = true;
                default -> {
                    others = true;
                    judgeText(block, where);
                }
            }
        }
        if (!others) {
            found.add(where + ": the content has neither text nor calls");
        }
        return asked;
    }

    private void judgeUser(JsonNode content, Set<String> asked, String where) {
        var answered = new HashSet<String>();
        var others = false;
        for (var block : content) {
            switch (block.path("type").asText()) {
                case "tool_result" -> {
                    var id = block.path("tool_use_id").asText();
                    if (others) {
                        found.add(where + ": tool_result blocks come first");
                    }
                    if (!asked.contains(id) || !answered.add(id)) {
                        found.add(where + ": unexpected tool_use_id found in tool_result blocks: " + id);
                    }
                }
                case "image", "document" -> others = true;
                default -> {
                    others = true;
                    judgeText(block, where);
                }
            }
        }
        if (!answered.containsAll(asked)) {
            found.add(where + ": tool_use ids were found without tool_result blocks immediately after: " + asked);
        }
    }

    private void judgeEnd(JsonNode messages) {
        var last = messages.path(messages.size() - 1);
        if (!last.path("role").asText().equals("assistant")) {
            return;
        }
        var content = last.path("content");
        var text = content.path(content.size() - 1).path("text").asText(content.asText(""));
        if (!text.equals(text.stripTrailing())) {
            found.add("messages: final assistant content cannot end with trailing whitespace");
        }
    }

    private void judgeText(JsonNode block, String where) {
        if (!block.path("type").asText().equals("text")) {
            found.add(where + ": unknown content block of type \""
                    + block.path("type").asText() + "\"");
        } else if (block.path("text").asText("").isBlank()) {
            found.add(where + ": text content blocks must be non-empty and contain non-whitespace text");
        }
    }
}
