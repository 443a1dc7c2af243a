package dev.rein.testkit;

import dev.rein.model.Message;
import dev.rein.model.Role;
import dev.rein.model.ToolCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A message to check, independent of the format that it was read from.
 *
 * @param where its position, for violations
 * @param text its text; null if it has no text at all, not even an empty one
 * @param other whether it contains anything but text and calls, such as an image
 * @param callId the id of the call that a tool message answers; null for other roles, or if missing
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

    /** Its position and role, for the beginning of a violation. */
    @Override
    public String toString() {
        return where + " (" + role.name().toLowerCase(Locale.ROOT) + ")";
    }
}
