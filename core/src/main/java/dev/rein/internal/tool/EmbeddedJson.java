package dev.rein.internal.tool;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;

/**
 * The JSON values in a model's answer that also contains prose: thoughts before the value, a sentence before or after it, a Markdown
 * fence around it, a comma behind its last element.
 */
final class EmbeddedJson {
    private static final String FENCE = "```";

    /** The names of the tags around the thoughts of reasoning models. */
    private static final List<String> THOUGHTS = List.of("think", "thinking", "thought", "reasoning");

    private static final ObjectReader READER = ToolJson.MAPPER
            .reader()
            .without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .with(JsonReadFeature.ALLOW_TRAILING_COMMA.mappedFeature());

    /** In an answer with more values none is looked for: each that does not fit costs an exception. */
    private static final int MOST_VALUES = 50;

    /** Brackets that begin no value. */
    private static final int MOST_ATTEMPTS = 1_000;

    private final String text;
    private int attempts;
    private final List<JsonNode> values = new ArrayList<>();

    /** The characters that may still be read in vain: text that only resembles JSON is read again from each bracket. */
    private long budget;

    private EmbeddedJson(String text) {
        this.text = text;
        this.budget = 4L * text.length() + 10_000;
    }

    /**
     * All objects and arrays that stand for themselves, not within others, and a scalar value that is alone in a fence. Thoughts do not
     * count. None if there are very many. Takes time proportional to the length of the text.
     */
    static List<JsonNode> values(String answer) {
        var found = new EmbeddedJson(withoutThoughts(answer));
        found.search();
        return found.values;
    }

    private void search() {
        for (var i = 0; i < text.length() && mayGoOn(); i++) {
            if (text.charAt(i) == '{' || text.charAt(i) == '[') {
                i = Math.max(i, read(i) - 1);
            }
        }
        if (values.isEmpty()) {
            readScalarInFence();
        } else if (!mayGoOn()) {
            values.clear();
        }
    }

    private boolean mayGoOn() {
        return budget > 0 && attempts < MOST_ATTEMPTS && values.size() <= MOST_VALUES;
    }

    /** Reads a value. @return the index behind it; the index of its start if there is none */
    private int read(int from) {
        try (var reader = new StringReader(text)) {
            // Skips without copying: a text of brackets is read from each of them.
            var _ = reader.skip(from);
            try (var parser = READER.createParser(reader)) {
                return read(parser, from);
            }
        } catch (IOException e) {
            return from;
        }
    }

    private int read(JsonParser parser, int from) throws IOException {
        try {
            JsonNode value = READER.readTree(parser);
            values.add(value);
            return from + (int) parser.currentLocation().getCharOffset();
        } catch (IOException e) {
            attempts++;
            budget -= parser.currentLocation().getCharOffset() + 1;
            throw e;
        }
    }

    private void readScalarInFence() {
        var start = text.indexOf(FENCE);
        var end = text.lastIndexOf(FENCE);
        if (start < 0 || end < start + FENCE.length()) {
            return;
        }
        var inner = text.substring(start + FENCE.length(), end).strip();
        var line = inner.indexOf('\n');
        // The first line names the language.
        var scalar = line < 0 ? inner : inner.substring(line + 1).strip();
        try {
            values.add(ToolJson.MAPPER.readTree(scalar));
        } catch (IOException e) {
            // No value.
        }
    }

    /** The text behind the thoughts. Some servers drop the tag that opens them. */
    private static String withoutThoughts(String answer) {
        for (var tag : THOUGHTS) {
            var closing = "</" + tag + ">";
            var close = answer.lastIndexOf(closing);
            if (close >= 0) {
                var open = answer.indexOf("<" + tag + ">");
                if (open < 0 || open > close || answer.substring(0, open).isBlank()) {
                    return answer.substring(close + closing.length());
                }
            }
        }
        return answer;
    }
}
