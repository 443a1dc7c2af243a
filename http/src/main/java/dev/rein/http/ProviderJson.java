package dev.rein.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.core.util.BufferRecycler;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.core.util.RecyclerPool;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.model.ModelException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes JSON. Responses are read as trees, see {@link JsonProjection}, because servers omit, add and mistype fields that
 * classes would require.
 */
public final class ProviderJson {

    /**
     * Buffers shared by all threads. Jackson's default keeps 20 KiB of buffers in each thread, which is too much for thousands of waiting
     * virtual threads.
     */
    private static final RecyclerPool<BufferRecycler> BUFFERS = JsonRecyclerPools.sharedConcurrentDequePool();

    /** Lenient, because a value that nobody reads must not fail a response. */
    static final JsonMapper MAPPER = JsonMapper.builder(
                    JsonFactory.builder().recyclerPool(BUFFERS).build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS, JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS)
            .build();

    /** For what other programs read again, which are not lenient. */
    private static final JsonMapper STRICT = JsonMapper.builder(
                    JsonFactory.builder().recyclerPool(BUFFERS).build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private ProviderJson() {}

    /** The mapper, for building trees; must not be reconfigured. */
    public static JsonMapper mapper() {
        return MAPPER;
    }

    /** The body of a request. */
    static byte[] bytes(JsonNode body) {
        try {
            return MAPPER.writeValueAsBytes(body);
        } catch (JsonProcessingException e) {
            throw new ModelException(
                    ModelException.Kind.BAD_REQUEST,
                    "The request cannot be written as JSON: " + e.getOriginalMessage(),
                    0,
                    null,
                    null,
                    e);
        }
    }

    /** The text of a field; empty if the field is missing, null or not a string. */
    public static String text(JsonNode object, String field) {
        var value = object.path(field);
        return value.isTextual() ? value.textValue() : "";
    }

    /**
     * The arguments of a tool call in a form that servers accept. If the model has written anything but a JSON object, strict servers
     * would reject the whole conversation; such arguments are wrapped in an object.
     */
    public static String argumentsObject(String arguments) {
        return objectOf(arguments) != null
                ? arguments
                : argumentsTree(arguments).toString();
    }

    /** As {@link #argumentsObject}, for APIs that transmit arguments as a tree. */
    public static ObjectNode argumentsTree(String arguments) {
        var object = objectOf(arguments);
        if (object != null) {
            return object;
        }
        var wrapped = MAPPER.createObjectNode();
        return arguments.isBlank() ? wrapped : wrapped.put("invalid_arguments", arguments);
    }

    private static @Nullable ObjectNode objectOf(String arguments) {
        try {
            return STRICT.readTree(arguments) instanceof ObjectNode object ? object : null;
        } catch (JsonProcessingException e) {
            return null;
        }
    }

    /** Adds members to a body. An object is merged into that of the same name, anything else replaces what is there. */
    public static void addMembers(ObjectNode body, Map<String, JsonNode> members) {
        members.forEach((name, value) -> body.set(name, merged(body.get(name), value)));
    }

    /**
     * Removes a member of a body.
     *
     * @param path its name, or the names of the objects around it and its own, joined by dots; without effect if there is none
     */
    public static void removeMember(ObjectNode body, String path) {
        if (body.remove(path) != null) {
            return;
        }
        var dot = path.indexOf('.');
        if (dot > 0 && body.get(path.substring(0, dot)) instanceof ObjectNode inner) {
            // Copied, because bodies contain trees of users.
            var copy = inner.objectNode();
            copy.setAll(inner);
            removeMember(copy, path.substring(dot + 1));
            body.set(path.substring(0, dot), copy);
        }
    }

    private static JsonNode merged(@Nullable JsonNode present, JsonNode added) {
        if (!(present instanceof ObjectNode object) || !(added instanceof ObjectNode members)) {
            return added;
        }
        // Copied, because bodies contain trees of users.
        var merged = object.objectNode();
        merged.setAll(object);
        members.properties()
                .forEach(each -> merged.set(each.getKey(), merged(merged.get(each.getKey()), each.getValue())));
        return merged;
    }
}
