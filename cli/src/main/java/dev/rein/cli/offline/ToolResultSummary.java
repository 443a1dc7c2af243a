package dev.rein.cli.offline;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rein.model.Message;
import dev.rein.model.Role;
import java.util.ArrayList;
import java.util.List;

/** The offline model's answer to tool results: for lists of items with titles, the titles. */
final class ToolResultSummary {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MAX_LENGTH = 300;
    private static final int MAX_TITLES = 3;

    private ToolResultSummary() {}

    /** @param messages a conversation that ends with tool results */
    static String of(List<Message> messages) {
        var results = new ArrayList<String>();
        for (var i = messages.size() - 1; i >= 0 && messages.get(i).role() == Role.TOOL; i--) {
            results.addFirst(answerFrom(messages.get(i)));
        }
        return String.join("\n", results);
    }

    private static String answerFrom(Message result) {
        return "I called " + result.toolName() + ", and " + (result.toolError() ? "it failed: " : "it answered: ")
                + shortened(titles(result.content()));
    }

    private static String titles(String content) {
        try {
            var titles = new ArrayList<String>();
            for (JsonNode each : JSON.readTree(content)) {
                if (each.path("title").isTextual() && titles.size() < MAX_TITLES) {
                    titles.add(each.get("title").textValue());
                }
            }
            return titles.isEmpty() ? content : String.join("; ", titles) + ".";
        } catch (JsonProcessingException e) {
            return content;
        }
    }

    private static String shortened(String text) {
        return text.length() <= MAX_LENGTH ? text : text.substring(0, MAX_LENGTH) + "...";
    }
}
