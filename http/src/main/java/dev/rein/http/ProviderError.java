package dev.rein.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.rein.model.ModelException;
import dev.rein.model.ModelException.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads errors. OpenAI sends {@code {"error": {"message": .., "type": .., "code": ..}}}; other servers and the gateways before them have
 * many other forms, also in responses that are a success by their status.
 */
public final class ProviderError {

    /** The fields of which one describes an error, if a document is neither a response nor a part of one. */
    private static final List<String> MESSAGES = List.of(
            "message",
            "Message",
            "error_message",
            "errorMessage",
            "error_msg",
            "error_description",
            "status_msg",
            "msg",
            "error",
            "Error",
            "err",
            "detail",
            "details",
            "errors",
            "exception",
            "fault",
            "faultstring",
            "title");

    /** The statuses of documents that are errors, in words. */
    private static final Set<String> FAILED = Set.of("error", "failed", "failure", "fail");

    private static final List<String> STATUSES =
            List.of("code", "status", "status_code", "statusCode", "http_code", "raw_status_code", "error_code");

    private static final List<String> WORDS = List.of("code", "type", "status", "error_type", "name", "reason");

    /** What texts say when they have no code. Few, because a text may quote anything. */
    private static final List<Phrases> PHRASES = List.of(
            Phrases.of(Kind.RATE_LIMIT, "too many requests", "rate limit", "rate-limit", "ratelimit", "quota exceeded"),
            Phrases.of(
                    Kind.SERVER,
                    "overloaded",
                    "at capacity",
                    "bad gateway",
                    "unavailable",
                    "gateway time",
                    "internal server error",
                    "upstream connect error"),
            Phrases.of(
                    Kind.AUTHENTICATION,
                    "unauthorized",
                    "unauthenticated",
                    "not authenticated",
                    "invalid api key",
                    "incorrect api key"),
            Phrases.of(Kind.PERMISSION, "forbidden", "permission denied", "access denied"),
            Phrases.of(Kind.NOT_FOUND, "not found", "does not exist"),
            Phrases.of(Kind.BAD_REQUEST, "context length", "context size", "context window", "bad request"));

    /** Types of events with a message that is no error. */
    private static final Set<String> NOTICES =
            Set.of("status", "info", "ping", "progress", "heartbeat", "keepalive", "queued", "warning", "metadata");

    /** What events of any kind have beside their content. */
    private static final Set<String> ENVELOPE =
            Set.of("id", "object", "created", "model", "type", "provider", "system_fingerprint", "done");

    /** Bodies may be events, which follow each other. */
    private static final ObjectReader FIRST_DOCUMENT =
            ProviderJson.MAPPER.reader().without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    /** Deeper messages are not read: gateways wrap those of others once or twice. */
    private static final int MAX_DEPTH = 5;

    private ProviderError() {}

    /**
     * Finds the part of a document that describes an error.
     *
     * @param document an event or a body; it needs the fields of {@link #fieldsAnd}
     * @return empty if it reports no error
     */
    public static Optional<JsonNode> find(JsonNode document) {
        if (document.isArray()) {
            return document.isEmpty() ? Optional.empty() : find(document.path(0));
        }
        var error = document.path("error");
        if (error.isObject() && isGiven(error)) {
            return Optional.of(error);
        }
        for (var place : List.of(
                // OpenRouter, Groq
                document.path("choices").path(0).path("error"),
                document.path("x_groq").path("error"))) {
            if (isGiven(place)) {
                return Optional.of(place);
            }
        }
        if (isGiven(error) || isOnlyAnError(document)) {
            return Optional.of(document);
        }
        // MiniMax
        if (document.path("base_resp").path("status_code").asInt() != 0) {
            return Optional.of(document.path("base_resp"));
        }
        var isResponse = document.has("choices")
                || document.has("output")
                || NOTICES.contains(document.path("type").asText(""));
        return !isResponse && (isFailed(document) || MESSAGES.stream().anyMatch(field -> isGiven(document.path(field))))
                ? Optional.of(document)
                : Optional.empty();
    }

    /** Whether a document without a message says that something failed. */
    private static boolean isFailed(JsonNode document) {
        return (document.path("success").isBoolean()
                        && !document.path("success").booleanValue())
                || FAILED.contains(ProviderJson.text(document, "status").toLowerCase(Locale.ROOT))
                || status(document, 0) != 0;
    }

    /** The paths of the fields that {@link #find} needs, and others, for a {@link JsonProjection}. */
    public static String[] fieldsAnd(String... others) {
        var all = new ArrayList<>(MESSAGES);
        all.addAll(STATUSES);
        all.addAll(List.of("base_resp", "type", "success"));
        all.addAll(List.of(others));
        return all.toArray(String[]::new);
    }

    /** Whether there is an error, which says nothing, and no part of a response. */
    private static boolean isOnlyAnError(JsonNode document) {
        if (ProviderJson.text(document, "type").equals("error")
                || ProviderJson.text(document, "object").equals("error")) {
            return true;
        }
        var error = document.path("error");
        if (!error.isContainerNode() && !error.isTextual()) {
            return false;
        }
        var others = new HashSet<String>();
        document.fieldNames().forEachRemaining(others::add);
        others.remove("error");
        return ENVELOPE.containsAll(others);
    }

    /** Whether a text in place of an event reports something: it is a page, a sentence, or has words that are known. */
    static boolean isReport(String text) {
        return WebPage.is(text)
                || text.strip().chars().anyMatch(Character::isWhitespace)
                || kindOfText(text, Kind.MALFORMED) != Kind.MALFORMED;
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

    /** The error in a body, also behind other text and before further events; null if it has none. */
    static @Nullable JsonNode find(String body) {
        var json = Math.max(0, body.indexOf('{'));
        for (var from : json == 0 || body.startsWith("[") ? new int[] {0} : new int[] {0, json}) {
            var document = firstDocument(body.substring(from));
            var error = document == null ? null : find(document).orElse(null);
            if (error != null) {
                return error;
            }
        }
        return null;
    }

    private static @Nullable JsonNode firstDocument(String text) {
        try {
            return FIRST_DOCUMENT.readTree(text);
        } catch (JsonProcessingException e) {
            return null;
        }
    }

    /** The error message in a body; the words of a web page, or the body itself, if it contains none. */
    static String message(String body) {
        var error = find(body);
        if (error == null) {
            error = firstDocument(body);
        }
        var message = error == null ? "" : message(error);
        return message.isEmpty() ? WebPage.words(body) : message;
    }

    /** The server's own words; empty if there are none. */
    static String message(JsonNode error) {
        var message = message(error, 0);
        // OpenRouter quotes the provider behind it.
        var raw = error.path("metadata").path("raw");
        var isGeneral = message.isEmpty() || message.equals("Provider returned error");
        return isGeneral && raw.isTextual() && !raw.textValue().isBlank()
                ? message + (message.isEmpty() ? "" : ": ") + message(raw.textValue())
                : message;
    }

    private static String message(JsonNode error, int depth) {
        if (error.isTextual()) {
            return error.textValue().strip();
        }
        if (depth == MAX_DEPTH) {
            return "";
        }
        if (error.isArray()) {
            var all = new ArrayList<String>();
            error.forEach(each -> all.add(message(each, depth + 1)));
            all.removeIf(String::isEmpty);
            return String.join("; ", all);
        }
        for (var field : MESSAGES) {
            var message = message(error.path(field), depth + 1);
            if (!message.isEmpty()) {
                return place(error) + message;
            }
        }
        return "";
    }

    /** The place of a field that is refused, as FastAPI reports it: a list of names. */
    private static String place(JsonNode error) {
        var names = new ArrayList<String>();
        error.path("loc").forEach(name -> names.add(name.asText()));
        return names.isEmpty() ? "" : String.join(".", names) + ": ";
    }

    /** The kind of an error, by its status, its code or type, or its message. {@link Kind#SERVER} if nothing tells it. */
    static Kind kind(JsonNode error) {
        var status = status(error, 0);
        if (status != 0) {
            return ModelException.kindOf(status);
        }
        if (error.path("detail").isArray() || error.path("loc").isArray()) {
            return Kind.BAD_REQUEST;
        }
        for (var field : WORDS) {
            var kind = kindOfWord(error.path(field).asText(""));
            if (kind != null) {
                return kind;
            }
        }
        for (var nested : List.of(error.path("errors").path(0), error.path("detail"), error.path("error"))) {
            if (nested.isObject()) {
                return kind(nested);
            }
        }
        return kindOfText(message(error), Kind.SERVER);
    }

    /** The kind of an error that is only text. */
    static Kind kindOfText(String text, Kind otherwise) {
        var words = text.strip();
        if (words.length() >= 3 && words.substring(0, 3).chars().allMatch(c -> c >= '0' && c <= '9')) {
            var status = Integer.parseInt(words.substring(0, 3));
            if (isErrorStatus(status)) {
                return ModelException.kindOf(status);
            }
        }
        var lowerCase = words.toLowerCase(Locale.ROOT);
        return PHRASES.stream()
                .filter(phrases -> phrases.occurIn(lowerCase))
                .map(Phrases::kind)
                .findFirst()
                .orElse(otherwise);
    }

    private record Phrases(Kind kind, List<String> texts) {
        static Phrases of(Kind kind, String... texts) {
            return new Phrases(kind, List.of(texts));
        }

        boolean occurIn(String lowerCase) {
            return texts.stream().anyMatch(lowerCase::contains);
        }
    }

    /** The kind of a code or type, such as {@code rate_limit_exceeded}, {@code RateLimitError} or {@code RESOURCE_EXHAUSTED}. */
    private static @Nullable Kind kindOfWord(String word) {
        var letters = word.toLowerCase(Locale.ROOT).replaceAll("[^a-z]", "");
        if (letters.isEmpty() || letters.equals("error")) {
            return null;
        }
        if (contains(
                letters, "ratelimit", "toomanyrequests", "throttl", "quota", "resourceexhausted", "requestlimit")) {
            return Kind.RATE_LIMIT;
        }
        if (contains(letters, "authentication", "unauthenticated", "unauthorized", "apikey", "accesstoken")) {
            return Kind.AUTHENTICATION;
        }
        if (contains(letters, "permission", "forbidden", "accessdenied", "billing")) {
            return Kind.PERMISSION;
        }
        if (contains(letters, "notfound")) {
            return Kind.NOT_FOUND;
        }
        if (contains(
                letters,
                "overload",
                "unavailable",
                "internal",
                "server",
                "timeout",
                "deadline",
                "capacity",
                "badgateway")) {
            return Kind.SERVER;
        }
        if (contains(
                letters,
                "invalid",
                "badrequest",
                "toolarge",
                "contextlength",
                "contextwindow",
                "contextsize",
                "contentpolicy",
                "contentfilter",
                "moderation",
                "unsupported",
                "unprocessable",
                "failedprecondition",
                "validation")) {
            return Kind.BAD_REQUEST;
        }
        return null;
    }

    private static boolean contains(String text, String... parts) {
        for (var part : parts) {
            if (text.contains(part)) {
                return true;
            }
        }
        return false;
    }

    /** The HTTP status in the error; {@code defaultStatus} if it contains none. */
    static int status(JsonNode error, int defaultStatus) {
        for (var field : STATUSES) {
            var status = error.path(field).asInt(0);
            if (isErrorStatus(status)) {
                return status;
            }
        }
        return defaultStatus;
    }

    private static boolean isErrorStatus(int status) {
        return status >= 400 && status < 600;
    }

    /** The wait that an error asks for; null for none. */
    static @Nullable Duration retryAfter(JsonNode error) {
        // Gemini: google.rpc.RetryInfo.
        for (var detail : error.path("details")) {
            var delay = detail.path("retryDelay").asText("");
            if (delay.endsWith("s")) {
                return RetryAfter.seconds(delay.substring(0, delay.length() - 1));
            }
        }
        for (var field : List.of("retry_after", "retryAfter", "retry_after_seconds")) {
            if (error.hasNonNull(field)) {
                return RetryAfter.seconds(error.path(field).asText());
            }
        }
        return null;
    }
}
