package dev.rein.openai.internal;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Selects the choice that is read. Requests ask for one choice; a server that sends several, or whose requests were changed to ask for
 * several, must not have their texts mixed. Confined to one thread.
 */
final class Choices {

    private @Nullable Integer selected;

    /** The parts of the choice in a chunk; empty for none. Parts without an index belong to it: servers spread a choice over several. */
    List<JsonNode> of(JsonNode chunk) {
        var choices = chunk.path("choices");
        var all = choices.isObject() ? List.of(choices) : choices;
        if (selected == null) {
            for (var choice : all) {
                var index = ToolCallFragment.index(choice.path("index"));
                selected = selected == null || (index != null && index < selected) ? index : selected;
            }
        }
        var parts = new ArrayList<JsonNode>(1);
        for (var choice : all) {
            var index = ToolCallFragment.index(choice.path("index"));
            if (index == null || index.equals(selected)) {
                parts.add(choice);
            }
        }
        return parts;
    }
}
