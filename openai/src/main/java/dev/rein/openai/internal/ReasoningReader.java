package dev.rein.openai.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the reasoning of a chat completion, which is no part of OpenAI's API, and collects the members that servers want back with it.
 * Confined to one thread.
 */
final class ReasoningReader {

    /**
     * DeepSeek, Moonshot, llama.cpp, LM Studio; Ollama, Groq, OpenRouter, newer versions of vLLM; GitHub; gateways. A server that sends
     * several of them sends the same text in each.
     */
    private static final List<String> TEXTS = List.of("reasoning_content", "reasoning", "reasoning_text", "thinking");

    /** OpenRouter and MiniMax; LiteLLM. */
    private static final List<String> LISTS = List.of("reasoning_details", "thinking_blocks");

    private final Map<String, StringBuilder> texts = new LinkedHashMap<>();
    private final Map<String, OpaqueList> lists = new LinkedHashMap<>();
    private @Nullable JsonNode extraContent;

    /** Reads the reasoning in a message or in a part of it. */
    void read(JsonNode message, Consumer<String> reasoning) {
        var found = "";
        for (var field : TEXTS) {
            var text = ContentReader.reasoning(message.path(field));
            if (!text.isEmpty()) {
                texts.computeIfAbsent(field, any -> new StringBuilder()).append(text);
                found = found.isEmpty() ? text : found;
            }
        }
        for (var field : LISTS) {
            var fragments = message.path(field);
            if (fragments.isArray() && !fragments.isEmpty()) {
                lists.computeIfAbsent(field, any -> new OpaqueList()).add(fragments);
                found = found.isEmpty() ? ContentReader.reasoning(fragments) : found;
            }
        }
        if (isSigned(message.path("extra_content"))) {
            extraContent = message.path("extra_content");
        }
        reasoning.accept(found);
    }

    /** Whether nothing has been read. */
    boolean isEmpty() {
        return texts.isEmpty() && lists.isEmpty();
    }

    /** Whether Gemini says of a message that its content is reasoning. */
    static boolean isThought(JsonNode message) {
        return anyVendor(
                message.path("extra_content"), vendor -> vendor.path("thought").asBoolean());
    }

    private static boolean isSigned(JsonNode extraContent) {
        return anyVendor(extraContent, vendor -> vendor.hasNonNull("thought_signature"));
    }

    /** The members of the extra content are {@code google} or {@code vertex}. */
    private static boolean anyVendor(JsonNode extraContent, java.util.function.Predicate<JsonNode> condition) {
        for (var vendor : extraContent) {
            if (condition.test(vendor)) {
                return true;
            }
        }
        return false;
    }

    /** Adds the members that the server wants back with the message, as it would send them in a message that is not streamed. */
    void addTo(ObjectNode members) {
        lists.forEach((field, list) -> members.set(field, list.elements()));
        // OpenRouter wants either.
        if (!lists.containsKey("reasoning_details")) {
            texts.forEach((field, text) -> members.put(field, text.toString()));
        }
        if (extraContent != null) {
            members.set("extra_content", extraContent);
        }
    }
}
