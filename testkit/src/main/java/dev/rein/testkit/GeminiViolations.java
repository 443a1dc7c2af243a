package dev.rein.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What Gemini rejects in a request. Sources: <a href="https://ai.google.dev/api/generate-content">reference</a>, <a
 * href="https://ai.google.dev/gemini-api/docs/thought-signatures">thought signatures</a>; the server's answers "contents is not
 * specified", "contents.parts must not be empty", "Please ensure that the number of function response parts is equal to the number of
 * function call parts of the function call turn", "Please ensure that function call turn comes immediately after a user turn or after a
 * function response turn" and "Function call is missing a thought_signature in functionCall parts".
 */
final class GeminiViolations {
    private static final Pattern SIGNING_MODEL = Pattern.compile("gemini-([3-9]|\\d\\d).*");
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.:-]{0,63}");
    private static final Set<String> ROLES = Set.of("user", "model");

    private final JsonNode body;
    private final String model;
    private final List<String> found = new ArrayList<>();

    private GeminiViolations(JsonNode body, String model) {
        this.body = body;
        this.model = model;
    }

    /** Whether the model signs its tool calls, and wants the signatures back. */
    static boolean isSigning(String model) {
        return SIGNING_MODEL.matcher(model).matches();
    }

    static List<String> of(ReceivedRequest request, String model) {
        var rules = new GeminiViolations(request.body(), model);
        if (request.header("x-goog-api-key") == null && request.header("authorization") == null) {
            rules.found.add("Method doesn't allow unregistered callers");
        }
        if (request.path().endsWith(":streamGenerateContent")
                && !request.query().contains("alt=sse")) {
            rules.found.add("the query has no alt=sse: the response would be an array instead of events");
        }
        rules.judgeTools();
        rules.judgeContents();
        return rules.found;
    }

    private void judgeTools() {
        for (var tool : body.path("tools")) {
            for (var function : tool.path("functionDeclarations")) {
                judgeName(function, "tools");
            }
        }
        var config = body.path("generationConfig");
        if (body.has("tools") && config.has("responseMimeType") && !isSigning(model)) {
            found.add("Function calling with a response mime type: 'application/json' is unsupported");
        }
        if (config.has("responseJsonSchema")
                && !config.path("responseMimeType").asText().equals("application/json")) {
            found.add("response_json_schema needs the response mime type 'application/json'");
        }
    }

    private void judgeContents() {
        var contents = body.path("contents");
        if (contents.isEmpty()) {
            found.add("contents is not specified");
        }
        var turn = startOfTurn(contents);
        for (var i = 0; i < contents.size(); i++) {
            judge(contents.get(i), "contents[" + i + "]", i == 0 ? null : contents.get(i - 1), i > turn);
        }
        if (!contents.isEmpty() && count(contents.get(contents.size() - 1), "functionCall") > 0) {
            found.add("the last content has function calls without responses");
        }
    }

    private void judge(JsonNode content, String where, @Nullable JsonNode before, boolean isCurrentTurn) {
        if (!ROLES.contains(content.path("role").asText())) {
            found.add(where + ": Please use a valid role: user, model.");
        }
        if (content.path("parts").isEmpty()) {
            found.add(where + ": contents.parts must not be empty");
        }
        var calls = count(content, "functionCall");
        if (calls > 0 && (before == null || before.path("role").asText().equals("model"))) {
            found.add(where + ": Please ensure that function call turn comes immediately after a user turn or after a"
                    + " function response turn.");
        }
        var expected = before == null ? 0 : count(before, "functionCall");
        if (count(content, "functionResponse") != expected) {
            found.add(where + ": Please ensure that the number of function response parts is equal to the number of"
                    + " function call parts of the function call turn.");
        }
        for (var part : content.path("parts")) {
            judgeName(part.path("functionCall"), where);
            judgeName(part.path("functionResponse"), where);
            if (part.has("functionCall") && !part.at("/functionCall/args").isObject()) {
                found.add(where + ": args must be an object");
            }
            if (part.has("functionResponse")
                    && !part.at("/functionResponse/response").isObject()) {
                found.add(where + ": response must be an object");
            }
        }
        if (calls > 0 && isCurrentTurn && isSigning(model) && !isSigned(content)) {
            found.add(where + ": Function call is missing a thought_signature in functionCall parts.");
        }
    }

    private void judgeName(JsonNode function, String where) {
        if (function.isObject() && !NAME.matcher(function.path("name").asText()).matches()) {
            found.add(where + ": Invalid function name " + function.path("name"));
        }
    }

    /** The index of the latest content that a user has written. */
    private static int startOfTurn(JsonNode contents) {
        for (var i = contents.size() - 1; i >= 0; i--) {
            if (contents.get(i).path("role").asText().equals("user")
                    && count(contents.get(i), "functionResponse") == 0) {
                return i;
            }
        }
        return -1;
    }

    private static int count(JsonNode content, String kind) {
        var count = 0;
        for (var part : content.path("parts")) {
            count += part.has(kind) ? 1 : 0;
        }
        return count;
    }

    /** Whether the first call has a signature. */
    private static boolean isSigned(JsonNode content) {
        for (var part : content.path("parts")) {
            if (part.has("functionCall")) {
                return !part.path("thoughtSignature").asText("").isEmpty();
            }
        }
        return false;
    }
}
