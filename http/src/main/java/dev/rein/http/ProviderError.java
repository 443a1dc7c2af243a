package dev.rein.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.model.ModelException;
import dev.rein.model.ModelException.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Reads error objects. OpenAI sends {@code {"message": .., "type": .., "code": ..}}; compatible servers put the HTTP status into {@code
 * code}, or send a plain string.
 */
final class ProviderError {

    private ProviderError() {}

    /** The error in the body of a response with a successful status; null if it has none. */
    static @Nullable JsonNode find(String body) {
        try {
            var error = ProviderJson.MAPPER.readTree(body).get("error");
            return error == null || error.isNull() ? null : error;
        } catch (JsonProcessingException e) {
            return null;
        }
    }

    /** The error message in the body of a response; the body itself if it contains none. */
    static String message(String body) {
        try {
            var json = ProviderJson.MAPPER.readTree(body);
            var error = json.has("error") ? json.get("error") : json;
            var message = message(error);
            return message.isEmpty() ? body : message;
        } catch (JsonProcessingException e) {
            return body;
        }
    }

    /** The message in an error object; empty if it has none. */
    static String message(JsonNode error) {
        if (error.isTextual()) {
            return error.textValue();
        }
        return error.path("message").asText("");
    }

    static Kind kind(JsonNode error) {
        var status = status(error, 0);
        if (status != 0) {
            return ModelException.kindOf(status);
        }
        for (var field : new String[] {"code", "type"}) {
            switch (error.path(field).asText("")) {
                case "rate_limit_exceeded", "rate_limit_error", "insufficient_quota" -> {
                    return Kind.RATE_LIMIT;
                }
                case "invalid_request_error",
                        "invalid_prompt",
                        "context_length_exceeded",
                        "content_policy_violation",
                        "image_content_policy_violation" -> {
                    return Kind.BAD_REQUEST;
                }
                case "authentication_error", "invalid_api_key" -> {
                    return Kind.AUTHENTICATION;
                }
                case "permission_error" -> {
                    return Kind.PERMISSION;
                }
                case "model_not_found", "not_found_error" -> {
                    return Kind.NOT_FOUND;
                }
                default -> {}
            }
        }
        return Kind.SERVER;
    }

    /** The HTTP status in the error's {@code code}; {@code defaultStatus} if it contains none. */
    static int status(JsonNode error, int defaultStatus) {
        var code = error.path("code").asInt(0);
        return code >= 400 && code < 600 ? code : defaultStatus;
    }
}
