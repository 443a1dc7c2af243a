package dev.rein.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.rein.http.ProviderJson;
import dev.rein.model.Message;
import dev.rein.model.ProviderData;
import dev.rein.model.ToolCall;
import org.jspecify.annotations.Nullable;

/**
 * The text of a response with the signatures of the thoughts before it, and with parts of other kinds. Signatures must return in the parts
 * they came with, which must not be joined with others. So a message keeps the lengths of its parts, and a call its signature:
 *
 * <pre>
 * message: {"parts": [{"length": 120}, {"length": 0, "thoughtSignature": ".."}, {"part": {"executableCode": ..}}]}
 * call:    {"thoughtSignature": ".."}
 * </pre>
 *
 * Confined to one thread.
 */
final class SignedText {

    static final String SIGNATURE = "thoughtSignature";

    private static final String PARTS = "parts";
    private static final String LENGTH = "length";
    private static final String PART = "part";

    private final ArrayNode parts = ProviderJson.mapper().createArrayNode();
    private int unsigned;

    /** @param signature empty for none */
    void add(String text, String signature) {
        if (signature.isEmpty()) {
            unsigned += text.length();
            return;
        }
        endUnsigned();
        parts.addObject().put(LENGTH, text.length()).put(SIGNATURE, signature);
    }

    /** Adds a part that is returned as it is. */
    void add(JsonNode part) {
        endUnsigned();
        parts.addObject().set(PART, part);
    }

    private void endUnsigned() {
        if (unsigned > 0) {
            parts.addObject().put(LENGTH, unsigned);
            unsigned = 0;
        }
    }

    /** What the message keeps; null if its text is all there is. */
    @Nullable
    JsonNode data() {
        if (parts.isEmpty()) {
            return null;
        }
        endUnsigned();
        return ProviderJson.mapper().createObjectNode().set(PARTS, parts);
    }

    /** What a call keeps; null for an empty signature. */
    static @Nullable JsonNode callData(String signature) {
        return signature.isEmpty()
                ? null
                : ProviderJson.mapper().createObjectNode().put(SIGNATURE, signature);
    }

    /** The signature of a call; empty if it has none. */
    static String signature(ToolCall call) {
        var data = call.providerData();
        return data == null ? "" : ProviderJson.text(data.data(), SIGNATURE);
    }

    /** Adds the text of a message: in the parts it came in, or as one part if it has been changed since. */
    static void addParts(Message message, ArrayNode target) {
        var text = message.content();
        var kept = kept(message.providerData());
        if (lengthOf(kept) != text.length()) {
            if (!text.isEmpty()) {
                target.addObject().put("text", text);
            }
            return;
        }
        var from = 0;
        for (var each : kept) {
            if (each.path(PART).isObject()) {
                target.add(each.get(PART));
                continue;
            }
            var to = from + each.path(LENGTH).asInt();
            var part = target.addObject().put("text", text.substring(from, to));
            var signature = ProviderJson.text(each, SIGNATURE);
            if (!signature.isEmpty()) {
                part.put(SIGNATURE, signature);
            }
            from = to;
        }
    }

    private static JsonNode kept(@Nullable ProviderData data) {
        return data == null ? ProviderJson.mapper().missingNode() : data.data().path(PARTS);
    }

    /** The number of characters in all parts; -1 if they are none, or unusable. */
    private static int lengthOf(JsonNode kept) {
        if (!kept.isArray() || kept.isEmpty()) {
            return -1;
        }
        var length = 0;
        for (var each : kept) {
            if (!each.path(PART).isObject()) {
                if (!each.path(LENGTH).canConvertToInt() || each.path(LENGTH).asInt() < 0) {
                    return -1;
                }
                length += each.path(LENGTH).asInt();
            }
        }
        return length;
    }
}
