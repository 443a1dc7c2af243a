package dev.rein.testkit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Reads and writes JSON, and creates error bodies in OpenAI's format. */
final class FixtureJson {
    static final JsonMapper MAPPER = JsonMapper.builder().build();

    private FixtureJson() {}

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /** The text as JSON, or as a JSON string if it is none. */
    static JsonNode parsedOrText(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            return MAPPER.getNodeFactory().textNode(text);
        }
    }

    /** The texts of an array. */
    static String[] texts(JsonNode array) {
        var texts = new String[array.size()];
        for (var i = 0; i < texts.length; i++) {
            texts[i] = array.get(i).asText();
        }
        return texts;
    }

    static String write(JsonNode node) {
        try {
            return MAPPER.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot write the tree as JSON", e);
        }
    }

    /** The body of an error in OpenAI's format: https://platform.openai.com/docs/guides/error-codes */
    static String error(int status, String message) {
        var code = switch (status) {
            case 401 -> "invalid_api_key";
            case 404 -> "not_found";
            case 429 -> "rate_limit_exceeded";
            default -> status >= 500 ? "server_error" : "invalid_request";
        };
        var type = status >= 500 ? "server_error" : status == 429 ? "requests" : "invalid_request_error";
        return write(object().set("error", errorObject(code, type, message)));
    }

    static ObjectNode errorObject(String code, String type, String message) {
        return object().put("message", message)
                .put("type", type)
                .putNull("param")
                .put("code", code);
    }
}
