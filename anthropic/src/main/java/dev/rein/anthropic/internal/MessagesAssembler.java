package dev.rein.anthropic.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.http.JsonProjection;
import dev.rein.http.ModelEvents;
import dev.rein.http.ProviderJson;
import dev.rein.model.FinishReason;
import dev.rein.model.Model;
import dev.rein.model.ModelCall;
import dev.rein.model.ModelResponse;
import dev.rein.model.ToolCall;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Assembles a response from its events and reports each part to the call as it arrives. Confined to one thread. See
 * <a href="https://platform.claude.com/docs/en/build-with-claude/streaming">streaming messages</a>.
 */
final class MessagesAssembler implements ModelEvents {
    private static final JsonProjection NEEDED_FIELDS =
            JsonProjection.of("type", "error", "index", "content_block", "delta", "message.usage", "usage");

    private final Model model;
    private final ModelCall call;
    private final StringBuilder text = new StringBuilder();
    private final StringBuilder reasoning = new StringBuilder();
    private final TreeMap<Integer, ContentBlock> blocks = new TreeMap<>();
    private final UsageCounter usage = new UsageCounter();
    private @Nullable String stopReason;
    private boolean stopped;

    MessagesAssembler(Model model, ModelCall call) {
        this.model = model;
        this.call = call;
    }

    @Override
    public JsonProjection neededFields() {
        return NEEDED_FIELDS;
    }

    @Override
    public void accept(String name, JsonNode event) {
        switch (ProviderJson.text(event, "type")) {
            case "message_start" -> addUsage(event.path("message").path("usage"));
            case "content_block_start" -> start(event.path("index").asInt(), event.path("content_block"));
            case "content_block_delta" -> add(event.path("index").asInt(), event.path("delta"));
            case "message_delta" -> {
                var reason = ProviderJson.text(event.path("delta"), "stop_reason");
                if (!reason.isEmpty()) {
                    stopReason = reason;
                }
                addUsage(event.path("usage"));
            }
            case "message_stop" -> stopped = true;
            default -> {}
        }
    }

    @Override
    public boolean isComplete() {
        return stopReason != null;
    }

    /** The usage may follow the stop reason in an event of its own. */
    @Override
    public boolean ignoresRest() {
        return stopped;
    }

    ModelResponse response() {
        var calls = new ArrayList<ToolCall>();
        var order = new ResponseBlocks();
        blocks.values().forEach(block -> block.addTo(calls, order));
        return new ModelResponse(
                text.toString(),
                reasoning.isEmpty() ? null : reasoning.toString(),
                List.copyOf(calls),
                usage.usage(),
                FinishReason.of(stopReason),
                stopReason,
                order.data(model));
    }

    private void start(int index, JsonNode content) {
        if (!(content instanceof ObjectNode object)) {
            return;
        }
        var block = new ContentBlock(object);
        blocks.put(index, block);
        if (block.isThinking() && !reasoning.isEmpty()) {
            addReasoning(block, "\n\n", false);
        }
        addText(block, ProviderJson.text(content, "text"));
        addReasoning(block, ProviderJson.text(content, "thinking"), true);
        if (block.isToolUse()) {
            call.progress(ProviderJson.text(content, "name").length());
        }
    }

    private void add(int index, JsonNode delta) {
        var block = blocks.get(index);
        if (block == null) {
            return;
        }
        switch (ProviderJson.text(delta, "type")) {
            case "text_delta" -> addText(block, ProviderJson.text(delta, "text"));
            case "thinking_delta" -> addReasoning(block, ProviderJson.text(delta, "thinking"), true);
            case "signature_delta" -> block.addSignature(ProviderJson.text(delta, "signature"));
            case "input_json_delta" -> {
                var fragment = ProviderJson.text(delta, "partial_json");
                block.addInput(fragment);
                call.progress(fragment.length());
            }
            default -> {}
        }
    }

    private void addText(ContentBlock block, String delta) {
        if (!delta.isEmpty() && block.isText()) {
            block.addText(delta);
            text.append(delta);
            call.text(delta);
        }
    }

    /** @param isContent whether the delta is the block's; false for what separates it from the one before */
    private void addReasoning(ContentBlock block, String delta, boolean isContent) {
        if (!delta.isEmpty() && block.isThinking()) {
            if (isContent) {
                block.addText(delta);
            }
            reasoning.append(delta);
            call.reasoning(delta);
        }
    }

    private void addUsage(JsonNode counted) {
        if (usage.add(counted)) {
            call.usage(usage.counted());
        }
    }
}
