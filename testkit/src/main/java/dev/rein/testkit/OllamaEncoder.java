package dev.rein.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.model.Usage;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The format of Ollama's chats, one JSON object per line: https://docs.ollama.com/api/chat. A tool call is sent as a whole once its
 * arguments are complete.
 */
final class OllamaEncoder implements ResponseEncoder {
    private final String model;
    private final StringBuilder text = new StringBuilder();
    private final StringBuilder thinking = new StringBuilder();
    private final ArrayNode calls = FixtureJson.MAPPER.createArrayNode();
    private final StringBuilder arguments = new StringBuilder();
    private @Nullable ObjectNode open;
    private ObjectNode last = FixtureJson.object();

    OllamaEncoder(JsonNode asked) {
        model = asked.path("model").asText("fake-model");
    }

    @Override
    public String begin() {
        return "";
    }

    @Override
    public synchronized String text(String token) {
        text.append(token);
        return endCall() + line(message(token));
    }

    @Override
    public synchronized String reasoning(String token) {
        thinking.append(token);
        return endCall() + line(message("").put("thinking", token));
    }

    @Override
    public synchronized String callStart(String id, String name) {
        var before = endCall();
        open = FixtureJson.object().put("id", id);
        open.putObject("function").put("index", calls.size()).put("name", name);
        return before;
    }

    @Override
    public synchronized String callArguments(String fragment) {
        arguments.append(fragment);
        return "";
    }

    /** A response with calls ends as any other: the API has no reason of its own for it. */
    @Override
    public synchronized String end(String finishReason, Usage counted, boolean withUsage) {
        var before = endCall();
        last = FixtureJson.object()
                .put("done", true)
                .put("done_reason", finishReason.equals("tool_calls") ? "stop" : finishReason)
                .put("total_duration", 5_000_000)
                .put("load_duration", 1_000_000);
        if (withUsage) {
            last.put("prompt_eval_count", counted.inputTokens())
                    .put("prompt_eval_duration", 1_000_000)
                    .put("eval_count", counted.outputTokens())
                    .put("eval_duration", 3_000_000);
        }
        var line = head();
        line.set("message", message(""));
        line.setAll(last);
        return before + FixtureJson.write(line) + "\n";
    }

    /** Without the code, for which the API has no place. */
    @Override
    public String fail(String code, String message, boolean event) {
        return OllamaFormat.INSTANCE.error(500, message) + "\n";
    }

    @Override
    public synchronized ObjectNode whole() {
        endCall();
        var message = message(text.toString());
        if (!thinking.isEmpty()) {
            message.put("thinking", thinking.toString());
        }
        if (!calls.isEmpty()) {
            message.set("tool_calls", calls.deepCopy());
        }
        var answer = head();
        answer.set("message", message);
        answer.setAll(last);
        return answer;
    }

    /** Writes the call whose arguments are complete now, if there is one. Arguments that are no JSON are sent as a string. */
    private String endCall() {
        var call = open;
        if (call == null) {
            return "";
        }
        open = null;
        var function = (ObjectNode) call.get("function");
        function.set("arguments", FixtureJson.parsedOrText(arguments.isEmpty() ? "{}" : arguments.toString()));
        arguments.setLength(0);
        calls.add(call);
        var message = message("");
        message.putArray("tool_calls").add(call.deepCopy());
        return line(message);
    }

    private ObjectNode head() {
        return FixtureJson.object()
                .put("model", model)
                .put("created_at", Instant.now().toString());
    }

    private String line(ObjectNode message) {
        var line = head();
        line.set("message", message);
        return FixtureJson.write(line.put("done", false)) + "\n";
    }

    private static ObjectNode message(String content) {
        return FixtureJson.object().put("role", "assistant").put("content", content);
    }
}
