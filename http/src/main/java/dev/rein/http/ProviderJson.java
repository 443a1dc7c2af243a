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
import dev.rein.model.ModelException;

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
        if (arguments.isBlank()) {
            return "{}";
        }
        try {
            if (STRICT.readTree(arguments).isObject()) {
                return arguments;
            }
        } catch (JsonProcessingException e) {
            // Wrapped below.
        }
        return MAPPER.createObjectNode().put("invalid_arguments", arguments).toString();
    }
}
