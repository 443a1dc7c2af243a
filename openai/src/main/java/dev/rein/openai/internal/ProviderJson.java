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
 * How JSON is read and written. Answers are read as trees, see {@link JsonProjection}, because compatible servers leave out, add and
 * mistype what the SDK's classes insist on.
 */
final class ProviderJson {

    /**
     * Buffers shared by all threads. Jackson's default keeps 20 KiB of them in each thread, which suits a few pooled threads,
     * and not thousands of virtual ones that wait.
     */
    private static final RecyclerPool<BufferRecycler> BUFFERS = JsonRecyclerPools.sharedConcurrentDequePool();

    static final JsonMapper MAPPER = JsonMapper.builder(
                    JsonFactory.builder().recyclerPool(BUFFERS).build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private ProviderJson() {}

    /** The SDK's way to write requests, with the shared buffers. */
    static JsonMapper forSdk() {
        var mapper = ObjectMappers.jsonMapper().copy();
        mapper.getFactory().setRecyclerPool(BUFFERS);
        return mapper;
    }

    /** A tree for a field of a request, in place of the SDK's own class for it. */
    // The SDK is written in Kotlin, where a JsonValue may stand for a field of any type; Java sees the raw type.
    @SuppressWarnings("unchecked")
    static <T> JsonField<T> field(JsonNode value) {
        return JsonValue.fromJsonNode(value);
    }

    /** A field's text; empty when it is missing, null or no text. */
    static String text(JsonNode object, String field) {
        var value = object.path(field);
        return value.isTextual() ? value.textValue() : "";
    }

    /**
     * Arguments of a tool call as a server accepts them back. A model may have written something else than a JSON object;
     * strict servers would then refuse the whole conversation.
     */
    static String object(String arguments) {
        if (arguments.isBlank()) {
            return "{}";
        }
        try {
            if (MAPPER.readTree(arguments).isObject()) {
                return arguments;
            }
        } catch (JsonProcessingException e) {
            // Told to the model as it wrote it, below.
        }
        return MAPPER.createObjectNode().put("invalid_arguments", arguments).toString();
    }
}
