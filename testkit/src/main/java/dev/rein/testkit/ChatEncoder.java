package dev.rein.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.model.Usage;
import org.jspecify.annotations.Nullable;

/**
 * The format of chat completions: https://platform.openai.com/docs/api-reference/chat/object and
 * https://platform.openai.com/docs/api-reference/chat-streaming.
 */
final class ChatEncoder implements ResponseEncoder {
    private final String id = Ids.fresh("chatcmpl-");
    private final long created = System.currentTimeMillis() / 1000;
    private final String model;
    private final boolean usageWanted;

    private final StringBuilder text = new StringBuilder();
    private final StringBuilder reasoning = new StringBuilder();
    private final ArrayNode calls = FixtureJson.MAPPER.createArrayNode();
    private final StringBuilder arguments = new StringBuilder();
    private @Nullable String finishReason;
    private @Nullable ObjectNode usage;

    private final TextChunk textChunk;
    private final TextChunk reasoningChunk;

    ChatEncoder(JsonNode body) {
        model = body.path("model").asText("fake-model");
        usageWanted = body.path("stream_options").path("include_usage").asBoolean(false);
        textChunk = TextChunk.of(chunk(FixtureJson.object().put("content", TextChunk.HOLE)));
        reasoningChunk = TextChunk.of(chunk(FixtureJson.object().put("reasoning_content", TextChunk.HOLE)));
    }

    /** A template for chunks of text, of which there are thousands per second: only the text differs. */
    private record TextChunk(String before, String after) {
        /** A placeholder for the text, which needs no escaping in JSON. No text given by a test follows it. */
        static final String HOLE = "@text@";

        static TextChunk of(String sample) {
            var quoted = FixtureJson.write(FixtureJson.MAPPER.getNodeFactory().textNode(HOLE));
            var at = sample.lastIndexOf(quoted);
            return new TextChunk(sample.substring(0, at), sample.substring(at + quoted.length()));
        }

        String with(String text) {
            return before
                    + FixtureJson.write(FixtureJson.MAPPER.getNodeFactory().textNode(text))
                    + after;
        }
    }

    @Override
    public String begin() {
        return chunk(
                FixtureJson.object().put("role", "assistant").put("content", "").putNull("refusal"));
    }

    @Override
    public synchronized String text(String token) {
        text.append(token);
        return textChunk.with(token);
    }

    @Override
    public synchronized String reasoning(String token) {
        reasoning.append(token);
        return reasoningChunk.with(token);
    }

    @Override
    public synchronized String callStart(String callId, String name) {
        endCall();
        calls.add(call(callId, name));
        var shown = call(callId, name).put("index", calls.size() - 1);
        return chunk(FixtureJson.object()
                .set("tool_calls", FixtureJson.MAPPER.createArrayNode().add(shown)));
    }

    @Override
    public synchronized String callArguments(String fragment) {
        arguments.append(fragment);
        var shown = FixtureJson.object().put("index", calls.size() - 1);
        shown.set("function", FixtureJson.object().put("arguments", fragment));
        return chunk(FixtureJson.object()
                .set("tool_calls", FixtureJson.MAPPER.createArrayNode().add(shown)));
    }

    @Override
    public synchronized String end(String reason, Usage counted, boolean withUsage) {
        endCall();
        finishReason = reason;
        var events = new StringBuilder(event(envelope(FixtureJson.object(), reason)));
        if (withUsage) {
            usage = usage(counted);
            if (usageWanted) {
                var last = envelope(null, null);
                last.set("usage", usage);
                events.append(event(last));
            }
        }
        return events.append("data: [DONE]\n\n").toString();
    }

    @Override
    public String fail(String code, String message, boolean event) {
        return event(FixtureJson.object().set("error", FixtureJson.errorObject(code, code, message)));
    }

    @Override
    public synchronized ObjectNode whole() {
        endCall();
        var message = FixtureJson.object().put("role", "assistant").putNull("refusal");
        message.put("content", text.isEmpty() && !calls.isEmpty() ? null : text.toString());
        if (!reasoning.isEmpty()) {
            message.put("reasoning_content", reasoning.toString());
        }
        if (!calls.isEmpty()) {
            message.set("tool_calls", calls.deepCopy());
        }
        var choice = FixtureJson.object().put("index", 0);
        choice.set("message", message);
        choice.putNull("logprobs").put("finish_reason", finishReason);
        var answer = head("chat.completion");
        answer.putArray("choices").add(choice);
        if (usage != null) {
            answer.set("usage", usage);
        }
        return answer;
    }

    private String chunk(ObjectNode delta) {
        return event(envelope(delta, null));
    }

    private ObjectNode envelope(@Nullable ObjectNode delta, @Nullable String reason) {
        var chunk = head("chat.completion.chunk");
        var choices = chunk.putArray("choices");
        if (delta != null) {
            var choice = choices.addObject().put("index", 0);
            choice.set("delta", delta);
            choice.putNull("logprobs").put("finish_reason", reason);
        }
        if (usageWanted) {
            chunk.putNull("usage");
        }
        return chunk;
    }

    private ObjectNode head(String kind) {
        return FixtureJson.object()
                .put("id", id)
                .put("object", kind)
                .put("created", created)
                .put("model", model)
                .put("service_tier", "default")
                .put("system_fingerprint", "fp_fake");
    }

    private void endCall() {
        if (!calls.isEmpty() && !arguments.isEmpty()) {
            ((ObjectNode) calls.get(calls.size() - 1).path("function")).put("arguments", arguments.toString());
            arguments.setLength(0);
        }
    }

    private static ObjectNode call(String id, String name) {
        var call = FixtureJson.object().put("id", id).put("type", "function");
        call.set("function", FixtureJson.object().put("name", name).put("arguments", ""));
        return call;
    }

    private static ObjectNode usage(Usage counted) {
        var usage = FixtureJson.object()
                .put("prompt_tokens", counted.inputTokens())
                .put("completion_tokens", counted.outputTokens())
                .put("total_tokens", counted.totalTokens());
        usage.set("prompt_tokens_details", FixtureJson.object().put("cached_tokens", counted.cacheReadTokens()));
        usage.set("completion_tokens_details", FixtureJson.object().put("reasoning_tokens", counted.reasoningTokens()));
        return usage;
    }

    private static String event(JsonNode data) {
        return "data: " + FixtureJson.write(data) + "\n\n";
    }
}
