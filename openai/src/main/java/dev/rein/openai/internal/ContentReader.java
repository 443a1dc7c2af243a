package dev.rein.openai.internal;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.http.ProviderJson;
import java.util.function.Consumer;

/**
 * Reads the content of a message: a string, or a list of parts with text, reasoning, references, images and others. Only parts of known
 * types are read.
 *
 * @param text receives the text
 * @param reasoning receives the parts that are reasoning
 */
record ContentReader(Consumer<String> text, Consumer<String> reasoning) {

    /** Deeper parts are skipped: servers nest them twice at most. */
    private static final int MAX_DEPTH = 8;

    /** Reads content of any form. */
    void read(JsonNode content) {
        read(content, text, 0);
    }

    /** Reads content of which all is reasoning. */
    void readReasoning(JsonNode content) {
        read(content, reasoning, 0);
    }

    /** The text of content of any form, without its reasoning. */
    static String text(JsonNode content) {
        if (content.isTextual()) {
            return content.textValue();
        }
        var all = new StringBuilder();
        new ContentReader(all::append, any -> {}).read(content);
        return all.toString();
    }

    /** The reasoning in a field that contains nothing else. */
    static String reasoning(JsonNode content) {
        if (content.isTextual()) {
            return content.textValue();
        }
        var all = new StringBuilder();
        new ContentReader(any -> {}, all::append).readReasoning(content);
        return all.toString();
    }

    private void read(JsonNode content, Consumer<String> into, int depth) {
        if (content.isTextual()) {
            into.accept(content.textValue());
        } else if (content.isArray() && depth < MAX_DEPTH) {
            content.forEach(part -> read(part, into, depth + 1));
        } else if (content.isObject() && depth < MAX_DEPTH) {
            readPart(content, into, depth + 1);
        } else if (content.isNumber() || content.isBoolean()) {
            into.accept(content.asText());
        }
    }

    private void readPart(JsonNode part, Consumer<String> into, int depth) {
        switch (ProviderJson.text(part, "type")) {
            case "thinking",
                    "reasoning",
                    "thought",
                    "reasoning_text",
                    "summary_text",
                    "reasoning.text",
                    "reasoning.summary" ->
                readFirst(part, reasoning, depth, "thinking", "reasoning", "text", "content", "summary");
            case "refusal" -> readFirst(part, into, depth, "refusal", "text");
            case "text", "output_text", "input_text", "text_delta" -> readFirst(part, into, depth, "text", "value");
            case "" -> readFirst(part, into, depth, "text", "value", "content");
            default -> {}
        }
    }

    private void readFirst(JsonNode part, Consumer<String> into, int depth, String... fields) {
        for (var field : fields) {
            var value = part.path(field);
            if (!value.isMissingNode() && !value.isNull() && !(value.isContainerNode() && value.isEmpty())) {
                read(value, into, depth);
                return;
            }
        }
    }
}
