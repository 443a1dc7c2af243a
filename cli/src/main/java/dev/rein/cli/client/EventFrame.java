package dev.rein.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * An event received from the server.
 *
 * @param event the name, such as {@code TeamRunContent}
 * @param text the data as received
 * @param data the parsed data
 */
record EventFrame(String event, String text, JsonNode data) {

    /** @return the text of the field; null if missing */
    @Nullable
    String field(String name) {
        var value = data.path(name);
        return value.isTextual() ? value.textValue() : null;
    }

    /** The name without the prefix {@code Team}. */
    String plainEvent() {
        return event.startsWith("Team") ? event.substring("Team".length()) : event;
    }
}
