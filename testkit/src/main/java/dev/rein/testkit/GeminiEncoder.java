package dev.rein.testkit;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.model.Usage;
import org.jspecify.annotations.Nullable;

/**
 * The format of Gemini's generated content: https://ai.google.dev/api/generate-content. A tool call is sent as a whole once its arguments
 * are complete. Opaque data is sent as the signature of the first call after it, or else of an empty last part. Models from {@code
 * gemini-3} on sign their responses also without it.
 */
final class GeminiEncoder implements ResponseEncoder {
    private final String model;
    private final String id = Ids.fresh("");
    private final ArrayNode parts = FixtureJson.MAPPER.createArrayNode();
    private final StringBuilder arguments = new StringBuilder();
    private @Nullable ObjectNode open;
    private @Nullable String signature;
    private @Nullable String finishReason;
    private @Nullable ObjectNode usage;

    GeminiEncoder(String model) {
        this.model = model;
        signature = GeminiViolations.isSigning(model) ? Ids.fresh("signature") : null;
    }

    @Override
    public String begin() {
        return "";
    }

    @Override
    public synchronized String text(String token) {
        return endCall() + event(FixtureJson.object().put("text", token));
    }

    @Override
    public synchronized String reasoning(String token) {
        return endCall() + event(FixtureJson.object().put("text", token).put("thought", true));
    }

    @Override
    public synchronized String opaque(String data) {
        signature = data;
        return "";
    }

    @Override
    public synchronized String callStart(String callId, String name) {
        var before = endCall();
        open = signed(FixtureJson.object());
        open.putObject("functionCall").put("id", callId).put("name", name);
        return before;
    }

    @Override
    public synchronized String callArguments(String fragment) {
        arguments.append(fragment);
        return "";
    }

    /** A response with calls ends as any other: the API has no reason of its own for it. */
    @Override
    public synchronized String end(String reason, Usage counted, boolean withUsage) {
        var before = endCall();
        finishReason = switch (reason) {
            case "stop", "tool_calls" -> "STOP";
            case "length" -> "MAX_TOKENS";
            case "content_filter" -> "SAFETY";
            default -> reason;
        };
        if (withUsage) {
            usage = usage(counted);
        }
        return before + event(signed(FixtureJson.object().put("text", "")));
    }

    @Override
    public String fail(String code, String message, boolean event) {
        var status = switch (code) {
            case "server_error" -> 500;
            case "rate_limit_exceeded" -> 429;
            default -> 503;
        };
        return "data: " + GeminiFormat.INSTANCE.error(status, message) + "\r\n\r\n";
    }

    @Override
    public synchronized ObjectNode whole() {
        return answer(parts.deepCopy());
    }

    private ObjectNode signed(ObjectNode part) {
        if (signature != null) {
            part.put("thoughtSignature", signature);
            signature = null;
        }
        return part;
    }

    /** Writes the call whose arguments are complete now, if there is one. Arguments that are no JSON are sent as a string. */
    private String endCall() {
        var part = open;
        if (part == null) {
            return "";
        }
        open = null;
        var call = (ObjectNode) part.get("functionCall");
        call.set("args", FixtureJson.parsedOrText(arguments.isEmpty() ? "{}" : arguments.toString()));
        arguments.setLength(0);
        return event(part);
    }

    private String event(ObjectNode part) {
        parts.add(part);
        var one = FixtureJson.MAPPER.createArrayNode().add(part.deepCopy());
        return "data: " + FixtureJson.write(answer(one)) + "\r\n\r\n";
    }

    private ObjectNode answer(ArrayNode withParts) {
        var answer = FixtureJson.object();
        var candidate = answer.putArray("candidates").addObject();
        candidate.putObject("content").put("role", "model").set("parts", withParts);
        if (finishReason != null) {
            candidate.put("finishReason", finishReason);
        }
        candidate.put("index", 0);
        if (usage != null) {
            answer.set("usageMetadata", usage);
        }
        return answer.put("modelVersion", model).put("responseId", id);
    }

    private static ObjectNode usage(Usage counted) {
        return FixtureJson.object()
                .put("promptTokenCount", counted.inputTokens())
                .put("cachedContentTokenCount", counted.cacheReadTokens())
                .put("candidatesTokenCount", counted.outputTokens() - counted.reasoningTokens())
                .put("thoughtsTokenCount", counted.reasoningTokens())
                .put("totalTokenCount", counted.totalTokens());
    }
}
