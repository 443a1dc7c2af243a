package dev.rein.openai.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.http.ProviderJson;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A list of objects that a provider streams in fragments and wants back as a whole, such as OpenRouter's {@code reasoning_details}: the
 * fragments of an object have its index and type, and its signature may come in the last one. Signatures are made for the whole text, so a
 * provider refuses fragments. Confined to one thread.
 */
final class OpaqueList {

    /** The fields whose fragments are joined; others are replaced. */
    private static final Set<String> JOINED = Set.of("text", "summary", "thinking", "data");

    private final ArrayNode elements = ProviderJson.mapper().createArrayNode();

    void add(JsonNode fragments) {
        for (var fragment : fragments) {
            if (fragment instanceof ObjectNode object) {
                add(object);
            } else {
                elements.add(fragment);
            }
        }
    }

    private void add(ObjectNode fragment) {
        var begun = find(fragment);
        if (begun == null) {
            elements.add(fragment.deepCopy());
            return;
        }
        fragment.properties().forEach(field -> {
            var before = begun.path(field.getKey());
            var value = field.getValue();
            if (before.isTextual() && value.isTextual() && JOINED.contains(field.getKey())) {
                begun.put(field.getKey(), before.textValue() + value.textValue());
            } else if (!value.isNull()) {
                begun.set(field.getKey(), value);
            }
        });
    }

    private @Nullable ObjectNode find(ObjectNode fragment) {
        for (var i = elements.size() - 1; i >= 0; i--) {
            if (elements.get(i) instanceof ObjectNode begun
                    && begun.path("type").equals(fragment.path("type"))
                    && begun.path("index").equals(fragment.path("index"))
                    && !differ(begun.path("id"), fragment.path("id"))) {
                // Without an index, objects follow each other, and the signature ends one.
                var ended = !begun.hasNonNull("index") && (begun.hasNonNull("signature") || begun.has("data"));
                return ended ? null : begun;
            }
        }
        return null;
    }

    private static boolean differ(JsonNode first, JsonNode second) {
        return first.isTextual() && second.isTextual() && !first.equals(second);
    }

    boolean isEmpty() {
        return elements.isEmpty();
    }

    ArrayNode elements() {
        return elements;
    }
}
