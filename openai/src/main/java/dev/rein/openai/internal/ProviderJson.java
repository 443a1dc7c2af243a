package dev.rein.openai.internal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.BufferRecycler;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.core.util.RecyclerPool;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.openai.core.JsonField;
import com.openai.core.JsonValue;
import com.openai.core.ObjectMappers;

/**
 * Reads and writes JSON. Responses are read as trees, see {@link JsonProjection}, because compatible servers omit, add and mistype fields
 * that the SDK's classes require.
 */
final class ProviderJson {

    /**
     * Buffers shared by all threads. Jackson's default keeps 20 KiB of buffers in each thread, which is too much for thousands of waiting
     * virtual threads.
     */
    private static final RecyclerPool<BufferRecycler> BUFFERS = JsonRecyclerPools.sharedConcurrentDequePool();

    static final JsonMapper MAPPER = JsonMapper.builder(
                    JsonFactory.builder().recyclerPool(BUFFERS).build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private ProviderJson() {}

    /** The SDK's mapper for requests, with the shared buffers. */
    static JsonMapper forSdk() {
        var mapper = ObjectMappers.jsonMapper().copy();
        mapper.getFactory().setRecyclerPool(BUFFERS);
        return mapper;
    }

    /** A JSON tree as the value of a request field, instead of the SDK's class for that field. */
    // The SDK is written in Kotlin, where JsonValue is a JsonField of any type; Java sees the raw type.
    @SuppressWarnings("unchecked")
    static <T> JsonField<T> field(JsonNode value) {
        return JsonValue.fromJsonNode(value);
    }

    /** The text of a field; empty if the field is missing, null or not a string. */
    static String text(JsonNode object, String field) {
        var value = object.path(field);
        return value.isTextual() ? value.textValue() : "";
    }

    /**
     * The arguments of a tool call in a form that servers accept. If the model has written anything but a JSON object, strict servers
     * would reject the whole conversation; such arguments are wrapped in an object.
     */
    static String argumentsObject(String arguments) {
        if (arguments.isBlank()) {
            return "{}";
        }
        try {
            if (MAPPER.readTree(arguments).isObject()) {
                return arguments;
            }
        } catch (JsonProcessingException e) {
            // Wrapped below.
        }
        return MAPPER.createObjectNode().put("invalid_arguments", arguments).toString();
    }
}
