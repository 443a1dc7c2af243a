package dev.rein.openai.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** How answers are read: as trees, because compatible servers leave out, add and mistype what the SDK's classes insist on. */
final class Json {

    static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Json() {}

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
