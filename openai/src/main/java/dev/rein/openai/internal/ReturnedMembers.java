package dev.rein.openai.internal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.model.ProviderData;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Puts what the server wants back into the messages and tool calls of a chat completion. */
final class ReturnedMembers {

    private ReturnedMembers() {}

    /**
     * Adds the members of the data that the server wants.
     *
     * @param names of the members that the server wants
     * @param withText whether texts are wanted too: outside of a series of tool calls they are only paid for, or refused
     */
    static void add(@Nullable ProviderData data, Set<String> names, boolean withText, ObjectNode target) {
        if (data == null) {
            return;
        }
        for (var member : data.data().properties()) {
            if (names.contains(member.getKey())
                    && (withText || !member.getValue().isTextual())) {
                target.set(member.getKey(), member.getValue());
            }
        }
    }
}
