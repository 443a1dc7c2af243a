package dev.rein.anthropic.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.http.JsonProjection;
import dev.rein.http.ModelEvents;
import dev.rein.http.ProviderError;
import dev.rein.http.ProviderJson;
import dev.rein.http.ToolCallJson;
import dev.rein.model.FinishReason;
import dev.rein.model.Model;
import dev.rein.model.ModelCall;
import dev.rein.model.ModelResponse;
import dev.rein.model.ToolCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Assembles a response from its events and reports each part to the call as it arrives. Confined to one thread. See
 * <a href="https://platform.claude.com/docs/en/build-with-claude/streaming">streaming messages</a>.
 */
final class MessagesAssembler implements ModelEvents {
    private static final JsonProjection NEEDED_FIELDS = JsonProjection.of(ProviderError.fieldsAnd(
            "index",
            "content_block",
            "delta",
            "message.usage",
            "usage",
            // Of a response that is not streamed.
            "content",
            "stop_reason"));

    /** The types of deltas by the fields with their content. */
    private static final Map<String, String> DELTAS = Map.of(
            "text", "text_delta",
            "thinking", "thinking_delta",
            "signature", "signature_delta",
            "partial_json", "input_json_delta");

    private final Model model;
    private final ModelCall call;
    private final BlockTexts text;
    private final BlockTexts reasoning;
    private final ContentBlocks blocks = new ContentBlocks();
    private final UsageCounter usage = new UsageCounter();
    private @Nullable String stopReason;
    private boolean stopped;

    MessagesAssembler(Model model, ModelCall call) {
        this.model = model;
        this.call = call;
        text = new BlockTexts("", call::text);
        reasoning = new BlockTexts("\n\n", call::reasoning);
    }

    @Override
    public JsonProjection neededFields() {
        return NEEDED_FIELDS;
    }

    /** Gateways before the provider report errors in other forms than the provider, which gives each event a type. */
    @Override
    public Optional<JsonNode> error(String name, JsonNode event) {
        return ModelEvents.super
                .error(name, event)
                .or(() -> type(name, event).isEmpty() ? ProviderError.find(event) : Optional.empty());
    }

    private static String type(String name, JsonNode event) {
        var type = ProviderJson.text(event, "type");
        return type.isEmpty() ? name : type;
    }

    @Override
    public void accept(String name, JsonNode event) {
        var index = ContentBlocks.index(event);
        switch (type(name, event)) {
            case "message_start" -> addUsage(event.path("message").path("usage"));
            case "content_block_start" -> start(index, event.path("content_block"));
            case "content_block_delta" -> add(index, event.path("delta"));
            case "content_block_stop" -> {
                blocks.end(index);
                deliver();
            }
            case "message_delta" -> {
                stop(event.path("delta"));
                addUsage(event.path("usage"));
            }
            case "message_stop" -> stopped = true;
            case "message" -> addWhole(event);
            default -> {}
        }
    }

    private void stop(JsonNode from) {
        var reason = ProviderJson.text(from, "stop_reason");
        if (!reason.isEmpty()) {
            stopReason = reason;
        }
    }

    /** Adds a response that is not streamed, or that repeats at the end what was streamed. */
    private void addWhole(JsonNode message) {
        if (blocks.isEmpty()) {
            message.path("content").forEach(block -> {
                start(null, block);
                blocks.end(null);
            });
            deliver();
        }
        stop(message);
        addUsage(message.path("usage"));
    }

    /** A response without a reason is complete if it says so itself and has any content. */
    @Override
    public boolean isComplete() {
        return stopReason != null || (stopped && !blocks.isEmpty());
    }

    /** The usage may follow the stop reason in an event of its own. */
    @Override
    public boolean ignoresRest() {
        return stopped;
    }

    ModelResponse response() {
        blocks.endAll();
        deliver();
        var calls = new ArrayList<ToolCall>();
        var order = new ResponseBlocks();
        blocks.all().forEach(block -> block.addTo(calls, order));
        var thoughts = reasoning.toString();
        var reason = FinishReason.of(stopReason);
        return new ModelResponse(
                text.toString(),
                thoughts.isEmpty() ? null : thoughts,
                List.copyOf(calls),
                usage.usage(),
                reason == FinishReason.STOP && !calls.isEmpty() ? FinishReason.TOOL_CALLS : reason,
                stopReason,
                order.data(model));
    }

    private void deliver() {
        text.deliver();
        reasoning.deliver();
    }

    private void start(@Nullable Integer index, JsonNode content) {
        if (!(content instanceof ObjectNode object)) {
            return;
        }
        var block = blocks.begin(index, object);
        if (block == null) {
            return;
        }
        track(block);
        if (block.isText()) {
            block.addText(ProviderJson.text(content, "text"));
        } else if (block.isThinking()) {
            block.addText(ProviderJson.text(content, "thinking"));
        } else if (block.isToolUse()) {
            call.progress(ProviderJson.text(content, "name").length());
        }
        deliver();
    }

    private void track(ContentBlock block) {
        if (block.isText()) {
            text.begin(block);
        } else if (block.isThinking()) {
            reasoning.begin(block);
        }
    }

    private void add(@Nullable Integer index, JsonNode delta) {
        var type = deltaType(delta);
        if (type.isEmpty()) {
            return;
        }
        var known = blocks.find(index, type);
        var block = known != null && isOpen(known) ? known : blocks.beginFor(index, type);
        if (!block.equals(known)) {
            track(block);
        }
        switch (type) {
            case "text_delta" -> block.addText(ProviderJson.text(delta, "text"));
            case "thinking_delta" -> block.addText(ProviderJson.text(delta, "thinking"));
            case "signature_delta" -> block.addSignature(ProviderJson.text(delta, "signature"));
            default -> {
                var fragment = ToolCallJson.text(delta.path("partial_json"));
                block.addInput(fragment);
                call.progress(fragment.length());
            }
        }
        deliver();
    }

    /** Text behind the end of its block, and behind that of the next, is that of a block of its own. */
    private boolean isOpen(ContentBlock block) {
        return block.isText() ? text.isOpen(block) : !block.isThinking() || reasoning.isOpen(block);
    }

    /** The type of a delta, by its content if the server omits the type; empty for one that is not known here. */
    private static String deltaType(JsonNode delta) {
        var type = ProviderJson.text(delta, "type");
        if (DELTAS.containsValue(type)) {
            return type;
        }
        return type.isEmpty()
                ? DELTAS.entrySet().stream()
                        .filter(known -> delta.hasNonNull(known.getKey()))
                        .map(Map.Entry::getValue)
                        .findFirst()
                        .orElse("")
                : "";
    }

    private void addUsage(JsonNode counted) {
        if (usage.add(counted)) {
            call.usage(usage.counted());
        }
    }
}
