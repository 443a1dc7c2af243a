package dev.rein.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.model.Usage;
import org.jspecify.annotations.Nullable;

/**
 * The format of responses: https://platform.openai.com/docs/api-reference/responses/object and
 * https://platform.openai.com/docs/api-reference/responses-streaming. One output item is open at a time; text, reasoning
 * or a call that needs another one closes it first.
 */
final class ResponsesEncoder implements ResponseEncoder {
    private enum Open {
        NOTHING,
        MESSAGE,
        REASONING,
        CALL
    }

    private final String id = Ids.fresh("resp_");
    private final long createdAt = System.currentTimeMillis() / 1000;
    private final JsonNode asked;

    private final ArrayNode output = FixtureJson.MAPPER.createArrayNode();
    private final StringBuilder written = new StringBuilder();
    private Open open = Open.NOTHING;
    private ObjectNode item = FixtureJson.object();
    private long sequence;
    private String status;
    private @Nullable ObjectNode error;
    private @Nullable ObjectNode usage;
    private @Nullable String incomplete;

    ResponsesEncoder(JsonNode asked) {
        this.asked = asked;
        status = isBackground() ? "queued" : "in_progress";
    }

    String id() {
        return id;
    }

    boolean isBackground() {
        return asked.path("background").asBoolean(false);
    }

    /**
     * Marks the response as cancelled.
     *
     * @return false if it had already ended
     */
    synchronized boolean cancel() {
        if (status.equals("queued") || status.equals("in_progress")) {
            status = "cancelled";
            return true;
        }
        return false;
    }

    @Override
    public synchronized String begin() {
        if (status.equals("queued")) {
            status = "in_progress";
        }
        return response("response.created") + response("response.in_progress");
    }

    @Override
    public synchronized String text(String token) {
        var events = new StringBuilder();
        if (open != Open.MESSAGE) {
            events.append(close());
            item = FixtureJson.object().put("id", Ids.fresh("msg_")).put("type", "message");
            item.put("status", "in_progress").put("role", "assistant").putArray("content");
            events.append(openItem(Open.MESSAGE));
            events.append(event("response.content_part.added", inContent().set("part", outputText(""))));
        }
        written.append(token);
        var delta = inContent().put("delta", token);
        delta.putArray("logprobs");
        return events.append(event("response.output_text.delta", delta)).toString();
    }

    @Override
    public synchronized String reasoning(String token) {
        var events = new StringBuilder();
        if (open != Open.REASONING) {
            events.append(close());
            item = FixtureJson.object().put("id", Ids.fresh("rs_")).put("type", "reasoning");
            item.putArray("summary");
            events.append(openItem(Open.REASONING));
            events.append(
                    event("response.reasoning_summary_part.added", inSummary().set("part", summaryText(""))));
        }
        written.append(token);
        return events.append(event(
                        "response.reasoning_summary_text.delta", inSummary().put("delta", token)))
                .toString();
    }

    /** The encrypted content of the reasoning item that is open, otherwise of a new one. */
    @Override
    public synchronized String opaque(String data) {
        var events = "";
        if (open != Open.REASONING) {
            events = close();
            item = FixtureJson.object().put("id", Ids.fresh("rs_")).put("type", "reasoning");
            item.putArray("summary");
            events += openItem(Open.REASONING);
        }
        item.put("encrypted_content", data);
        return events + close();
    }

    @Override
    public synchronized String callStart(String callId, String name) {
        var events = close();
        item = FixtureJson.object().put("id", Ids.fresh("fc_")).put("type", "function_call");
        item.put("status", "in_progress")
                .put("arguments", "")
                .put("call_id", callId)
                .put("name", name);
        return events + openItem(Open.CALL);
    }

    @Override
    public synchronized String callArguments(String fragment) {
        written.append(fragment);
        return event("response.function_call_arguments.delta", inItem().put("delta", fragment));
    }

    @Override
    public synchronized String end(String finishReason, Usage counted, boolean withUsage) {
        if (finishReason.equals("error")) {
            return fail("server_error", "the model failed", false);
        }
        if (status.equals("cancelled")) {
            return "";
        }
        var events = close();
        if (withUsage) {
            usage = usage(counted);
        }
        incomplete = switch (finishReason) {
            case "length" -> "max_output_tokens";
            case "content_filter" -> "content_filter";
            default -> null;
        };
        status = incomplete == null ? "completed" : "incomplete";
        return events + response("response." + status);
    }

    @Override
    public synchronized String fail(String code, String message, boolean event) {
        if (status.equals("cancelled")) {
            return "";
        }
        status = "failed";
        error = FixtureJson.object().put("code", code).put("message", message);
        return event
                ? event(
                        "error",
                        FixtureJson.object()
                                .put("code", code)
                                .put("message", message)
                                .putNull("param"))
                : response("response.failed");
    }

    @Override
    public synchronized ObjectNode whole() {
        var answer = FixtureJson.object()
                .put("id", id)
                .put("object", "response")
                .put("created_at", createdAt)
                .put("status", status)
                .put("background", isBackground())
                .put("model", asked.path("model").asText("fake-model"));
        answer.set("error", error);
        answer.set(
                "incomplete_details",
                incomplete == null ? null : FixtureJson.object().put("reason", incomplete));
        answer.set("instructions", asked.get("instructions"));
        answer.set("previous_response_id", asked.get("previous_response_id"));
        var items = answer.putArray("output").addAll(output.deepCopy());
        if (open != Open.NOTHING) {
            items.add(filled(status.equals("in_progress") ? "in_progress" : "incomplete"));
        }
        answer.put("parallel_tool_calls", asked.path("parallel_tool_calls").asBoolean(true));
        answer.set(
                "tool_choice",
                asked.has("tool_choice") ? asked.get("tool_choice") : FixtureJson.MAPPER.valueToTree("auto"));
        answer.set("tools", asked.has("tools") ? asked.get("tools") : FixtureJson.MAPPER.createArrayNode());
        answer.put("store", asked.path("store").asBoolean(true)).putObject("metadata");
        answer.set("usage", usage);
        return answer;
    }

    private String openItem(Open kind) {
        open = kind;
        return event(
                "response.output_item.added",
                FixtureJson.object().put("output_index", output.size()).set("item", item.deepCopy()));
    }

    private String close() {
        if (open == Open.NOTHING) {
            return "";
        }
        var text = written.toString();
        var events = new StringBuilder();
        switch (open) {
            case MESSAGE -> {
                var done = inContent().put("text", text);
                done.putArray("logprobs");
                events.append(event("response.output_text.done", done));
                events.append(event("response.content_part.done", inContent().set("part", outputText(text))));
            }
            case REASONING -> {
                if (!text.isEmpty()) {
                    events.append(event(
                            "response.reasoning_summary_text.done", inSummary().put("text", text)));
                    events.append(event(
                            "response.reasoning_summary_part.done", inSummary().set("part", summaryText(text))));
                }
            }
            case CALL -> events.append(event("response.function_call_arguments.done", inItem().put("arguments", text)));
            case NOTHING -> throw new IllegalStateException("nothing is open");
        }
        var full = filled("completed");
        events.append(event(
                "response.output_item.done",
                FixtureJson.object().put("output_index", output.size()).set("item", full)));
        output.add(full);
        written.setLength(0);
        open = Open.NOTHING;
        return events.toString();
    }

    /** The open item with its content. */
    private ObjectNode filled(String itemStatus) {
        var full = item.deepCopy();
        var text = written.toString();
        switch (open) {
            case MESSAGE -> full.put("status", itemStatus).withArray("content").add(outputText(text));
            case REASONING -> {
                if (!text.isEmpty()) {
                    full.withArray("summary").add(summaryText(text));
                }
            }
            case CALL -> full.put("status", itemStatus).put("arguments", text);
            case NOTHING -> throw new IllegalStateException("nothing is open");
        }
        return full;
    }

    private ObjectNode inItem() {
        return FixtureJson.object().put("item_id", item.path("id").asText()).put("output_index", output.size());
    }

    private ObjectNode inContent() {
        return inItem().put("content_index", 0);
    }

    private ObjectNode inSummary() {
        return inItem().put("summary_index", 0);
    }

    private String response(String type) {
        return event(type, FixtureJson.object().set("response", whole()));
    }

    private String event(String type, JsonNode fields) {
        var data = FixtureJson.object().put("type", type).put("sequence_number", sequence++);
        data.setAll((ObjectNode) fields);
        return "event: " + type + "\ndata: " + FixtureJson.write(data) + "\n\n";
    }

    private static ObjectNode outputText(String text) {
        var part = FixtureJson.object().put("type", "output_text").put("text", text);
        part.putArray("annotations");
        part.putArray("logprobs");
        return part;
    }

    private static ObjectNode summaryText(String text) {
        return FixtureJson.object().put("type", "summary_text").put("text", text);
    }

    private static ObjectNode usage(Usage counted) {
        var usage = FixtureJson.object().put("input_tokens", counted.inputTokens());
        usage.set(
                "input_tokens_details",
                FixtureJson.object()
                        .put("cached_tokens", counted.cacheReadTokens())
                        .put("cache_write_tokens", 0));
        usage.put("output_tokens", counted.outputTokens());
        usage.set("output_tokens_details", FixtureJson.object().put("reasoning_tokens", counted.reasoningTokens()));
        return usage.put("total_tokens", counted.totalTokens());
    }
}
