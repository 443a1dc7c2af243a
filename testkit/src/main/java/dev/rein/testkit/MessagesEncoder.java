package dev.rein.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.model.Usage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The format of Anthropic's messages: https://platform.claude.com/docs/en/api/messages and
 * https://platform.claude.com/docs/en/build-with-claude/streaming. One content block is open at a time; a part that needs another one
 * closes it first.
 */
final class MessagesEncoder implements ResponseEncoder {
    private final String id = Ids.fresh("msg_");
    private final JsonNode asked;

    /** The content blocks; the last one is open until {@link #close}. */
    private final List<ObjectNode> blocks = new ArrayList<>();

    private final StringBuilder written = new StringBuilder();
    private boolean open;
    private @Nullable String stopReason;
    private @Nullable ObjectNode usage;

    MessagesEncoder(JsonNode asked) {
        this.asked = asked;
    }

    @Override
    public synchronized String begin() {
        var message = whole();
        message.set("usage", FixtureJson.object().put("input_tokens", 1).put("output_tokens", 1));
        return event("message_start", FixtureJson.object().set("message", message))
                + event("ping", FixtureJson.object());
    }

    @Override
    public synchronized String text(String token) {
        var events = opened("text", FixtureJson.object().put("type", "text").put("text", ""));
        written.append(token);
        return events + delta("text_delta", "text", token);
    }

    @Override
    public synchronized String reasoning(String token) {
        var events = opened(
                "thinking",
                FixtureJson.object().put("type", "thinking").put("thinking", "").put("signature", ""));
        written.append(token);
        return events + delta("thinking_delta", "thinking", token);
    }

    /** The signature of the thinking block that is open, otherwise a redacted block. */
    @Override
    public synchronized String opaque(String data) {
        if (isOpen("thinking")) {
            blocks.getLast().put("signature", data);
            return delta("signature_delta", "signature", data) + close();
        }
        var events = close();
        return events
                + openBlock(
                        FixtureJson.object().put("type", "redacted_thinking").put("data", data))
                + close();
    }

    @Override
    public synchronized String callStart(String callId, String name) {
        var block =
                FixtureJson.object().put("type", "tool_use").put("id", callId).put("name", name);
        block.putObject("input");
        var events = close();
        return events + openBlock(block) + delta("input_json_delta", "partial_json", "");
    }

    @Override
    public synchronized String callArguments(String fragment) {
        written.append(fragment);
        return delta("input_json_delta", "partial_json", fragment);
    }

    @Override
    public synchronized String end(String finishReason, Usage counted, boolean withUsage) {
        var events = close();
        stopReason = switch (finishReason) {
            case "stop" -> "end_turn";
            case "length" -> "max_tokens";
            case "content_filter" -> "refusal";
            case "tool_calls" -> "tool_use";
            default -> finishReason;
        };
        var last = FixtureJson.object();
        last.putObject("delta").put("stop_reason", stopReason).putNull("stop_sequence");
        if (withUsage) {
            usage = usage(counted);
            last.set("usage", usage);
        }
        return events + event("message_delta", last) + event("message_stop", FixtureJson.object());
    }

    @Override
    public String fail(String code, String message, boolean event) {
        var type = switch (code) {
            case "server_error" -> "api_error";
            case "rate_limit_exceeded" -> "rate_limit_error";
            default -> code;
        };
        return event("error", error(type, message));
    }

    @Override
    public synchronized ObjectNode whole() {
        var answer = FixtureJson.object()
                .put("id", id)
                .put("type", "message")
                .put("role", "assistant")
                .put("model", asked.path("model").asText("fake-model"));
        var content = answer.putArray("content");
        blocks.forEach(block -> content.add(block.deepCopy()));
        if (open) {
            fill((ObjectNode) content.get(content.size() - 1));
        }
        answer.put("stop_reason", stopReason).putNull("stop_sequence");
        answer.set("usage", usage);
        return answer;
    }

    static ObjectNode error(String type, String message) {
        var error = FixtureJson.object().put("type", "error");
        error.putObject("error").put("type", type).put("message", message);
        return error;
    }

    private boolean isOpen(String type) {
        return open && blocks.getLast().path("type").asText().equals(type);
    }

    private String opened(String type, ObjectNode block) {
        return isOpen(type) ? "" : close() + openBlock(block);
    }

    private String openBlock(ObjectNode block) {
        blocks.add(block);
        open = true;
        return event("content_block_start", inBlock().set("content_block", block.deepCopy()));
    }

    private String close() {
        if (!open) {
            return "";
        }
        fill(blocks.getLast());
        written.setLength(0);
        open = false;
        return event("content_block_stop", inBlock());
    }

    private void fill(ObjectNode block) {
        switch (block.path("type").asText()) {
            case "text" -> block.put("text", written.toString());
            case "thinking" -> block.put("thinking", written.toString());
            case "tool_use" ->
                block.set("input", FixtureJson.parsedOrText(written.isEmpty() ? "{}" : written.toString()));
            default -> {}
        }
    }

    private ObjectNode inBlock() {
        return FixtureJson.object().put("index", blocks.size() - 1);
    }

    private String delta(String type, String field, String value) {
        return event(
                "content_block_delta",
                inBlock().set("delta", FixtureJson.object().put("type", type).put(field, value)));
    }

    private static String event(String type, JsonNode fields) {
        var data = FixtureJson.object().put("type", type);
        data.setAll((ObjectNode) fields);
        return "event: " + type + "\ndata: " + FixtureJson.write(data) + "\n\n";
    }

    /** The input tokens are those that were neither read from the cache nor written to it. */
    private static ObjectNode usage(Usage counted) {
        var usage = FixtureJson.object()
                .put("input_tokens", counted.inputTokens() - counted.cacheReadTokens())
                .put("cache_creation_input_tokens", 0)
                .put("cache_read_input_tokens", counted.cacheReadTokens())
                .put("output_tokens", counted.outputTokens());
        usage.putObject("output_tokens_details").put("thinking_tokens", counted.reasoningTokens());
        return usage;
    }
}
