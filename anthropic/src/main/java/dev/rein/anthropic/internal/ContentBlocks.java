package dev.rein.anthropic.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.http.ProviderJson;
import dev.rein.http.ToolCallJson;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The content blocks of a response in the order of their beginnings. By the API, an event with an index begins a block, events with its
 * index bring its content, and one more ends it. Servers omit the beginning, the end or the index, use one index for all blocks, and
 * interleave blocks. Confined to one thread.
 */
final class ContentBlocks {
    private final List<ContentBlock> blocks = new ArrayList<>();
    private final Map<Integer, ContentBlock> byIndex = new HashMap<>();
    private int calls;

    /**
     * Begins a block.
     *
     * @return null if the same block has been begun before
     */
    @Nullable
    ContentBlock begin(@Nullable Integer index, ObjectNode content) {
        var known = index == null ? null : byIndex.get(index);
        if (known != null && known.isBeginningOf(content)) {
            known.restart();
            return null;
        }
        return add(index, new ContentBlock(content));
    }

    /** The block that a delta of the type belongs to; null if none has been begun. */
    @Nullable
    ContentBlock find(@Nullable Integer index, String type) {
        var known = index == null ? null : byIndex.get(index);
        if (known != null && known.accepts(type)) {
            return known;
        }
        return index != null && known == null
                ? null
                : blocks.reversed().stream()
                        .filter(block -> block.accepts(type) && !block.isEnded())
                        .findFirst()
                        .orElse(null);
    }

    /** Begins the block of a delta whose beginning was not sent. */
    ContentBlock beginFor(@Nullable Integer index, String type) {
        var content = MessagesRequestMapper.object().put("type", ContentBlock.typeOf(type));
        return add(index, new ContentBlock(content));
    }

    private ContentBlock add(@Nullable Integer index, ContentBlock block) {
        if (block.isToolUse()) {
            ToolCallJson.requireRoom(calls++);
        }
        blocks.add(block);
        if (index != null) {
            byIndex.put(index, block);
        }
        return block;
    }

    /** Ends a block: that of the index, or the latest one. */
    void end(@Nullable Integer index) {
        var block = index != null ? byIndex.get(index) : blocks.isEmpty() ? null : blocks.getLast();
        if (block != null) {
            block.end();
        }
    }

    void endAll() {
        blocks.forEach(ContentBlock::end);
    }

    boolean isEmpty() {
        return blocks.isEmpty();
    }

    List<ContentBlock> all() {
        return blocks;
    }

    /** The index in an event; null if it has none. */
    static @Nullable Integer index(JsonNode event) {
        var index = event.path("index");
        if (index.canConvertToInt()) {
            return index.intValue();
        }
        return ProviderJson.text(event, "index").matches("\\d{1,9}") ? (Integer) index.asInt() : null;
    }
}
