package dev.rein.openai.internal;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds the description of an error in a JSON document. Servers have many forms for it, also within responses that are a success by their status. */
final class ErrorShapes {

    private static final String[] FIELDS = {
        "error", "errors", "detail", "message", "Message", "msg", "error_msg", "error_message"
    };

    private ErrorShapes() {}

    /** The paths of the fields that {@link #find} needs, and others. */
    static String[] fieldsAnd(String... others) {
        return Stream.of(Stream.of(FIELDS), Stream.of("base_resp"), Stream.of(others))
                .flatMap(paths -> paths)
                .toArray(String[]::new);
    }

    /** The part of an event or of a body that describes an error; empty if it reports none. */
    static Optional<JsonNode> find(JsonNode document) {
        if (document.path("error").isObject() && isGiven(document.path("error"))) {
            return Optional.of(document.path("error"));
        }
        for (var place : List.of(
                document.path("choices").path(0).path("error"),
                document.path("x_groq").path("error"))) {
            if (isGiven(place)) {
                return Optional.of(place);
            }
        }
        if (isGiven(document.path("error"))) {
            return Optional.of(document);
        }
        // MiniMax
        if (document.path("base_resp").path("status_code").asInt() != 0) {
            return Optional.of(document.path("base_resp"));
        }
        if (document.isArray()) {
            return document.isEmpty() ? Optional.empty() : find(document.path(0));
        }
        return isMessage(document) ? Optional.of(document) : Optional.empty();
    }

    /** Whether a document describes an error itself, without a field for it. */
    private static boolean isMessage(JsonNode document) {
        if (document.has("choices") || document.has("output")) {
            return false;
        }
        for (var field : FIELDS) {
            if (isGiven(document.path(field))) {
                return true;
            }
        }
        return false;
    }

    /** Some servers send an empty error with each event. */
    private static boolean isGiven(JsonNode value) {
        return switch (value.getNodeType()) {
            case STRING -> !value.textValue().isBlank();
            case OBJECT, ARRAY -> !value.isEmpty();
            case NUMBER -> value.asInt() != 0;
            case BOOLEAN -> value.booleanValue();
            default -> false;
        };
    }
}
