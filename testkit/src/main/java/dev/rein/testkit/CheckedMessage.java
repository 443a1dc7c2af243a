package dev.rein.testkit;

import dev.rein.model.Message;
import dev.rein.model.Role;
import dev.rein.model.ToolCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One message, whatever form it was read from.
 *
 * @param where its place, for people
 * @param text its text; null when it has none, not even an empty one
 * @param other whether it holds something besides text and calls, such as a picture
 * @param callId which call a tool's message answers; null for other roles, or when missing
 */
record CheckedMessage(
        String where,
        Role role,
        @Nullable String text,
        boolean other,
        List<ToolCall> calls,
        @Nullable String callId) {

    static List<CheckedMessage> of(List<Message> messages) {
        var entries = new ArrayList<CheckedMessage>();
        for (var i = 0; i < messages.size(); i++) {
            var message = messages.get(i);
            entries.add(new CheckedMessage(
                    "messages[" + i + "]",
                    message.role(),
                    message.content(),
                    !message.images().isEmpty(),
                    message.toolCalls(),
                    message.toolCallId()));
        }
        return entries;
    }

    boolean saysNothing() {
        return (text == null || text.isEmpty()) && !other;
    }

    /** Its place and role, to begin a violation with. */
    @Override
    public String toString() {
        return where + " (" + role.name().toLowerCase(Locale.ROOT) + ")";
    }
}
