package dev.rein.openai.internal;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.http.ProviderJson;
import java.util.ArrayList;
import java.util.List;

/** Reads the complete items of a response's output. */
final class OutputItems {

    private OutputItems() {}

    static boolean isMessage(JsonNode item) {
        return ProviderJson.text(item, "type").equals("message");
    }

    static boolean isReasoning(JsonNode item) {
        return ProviderJson.text(item, "type").equals("reasoning");
    }

    /** Whether an answer or a call was cut off. */
    static boolean isIncomplete(JsonNode item) {
        return ProviderJson.text(item, "status").equals("incomplete") && !isReasoning(item);
    }

    /** Whether a reasoning item can be sent back: without these fields it is only a reference to what the provider has stored. */
    static boolean isReturnable(JsonNode item) {
        return item.hasNonNull("encrypted_content") || !item.path("content").isEmpty();
    }

    /** The text of a message item, without any reasoning. */
    static String text(JsonNode item) {
        return ContentReader.text(item.path("content"));
    }

    /** The text of a reasoning item: its summaries, or else its content. */
    static String reasoning(JsonNode item) {
        var parts = new ArrayList<String>();
        for (var summary : item.path("summary")) {
            parts.add(ContentReader.reasoning(summary));
        }
        var joined = String.join("\n\n", parts);
        return joined.isBlank() ? ContentReader.reasoning(item.path("content")) : joined;
    }

    static List<JsonNode> calls(JsonNode output) {
        var calls = new ArrayList<JsonNode>();
        output.forEach(item -> {
            if (OutputCallAssembler.isCall(item)) {
                calls.add(item);
            }
        });
        return calls;
    }
}
