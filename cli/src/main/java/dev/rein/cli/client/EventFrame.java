package dev.rein.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * One event of a run.
 *
 * @param event its name, such as {@code TeamRunContent}
 * @param text its data as it came
 * @param data the same, read
 */
record EventFrame(String event, String text, JsonNode data) {

    /** @return null if there is none */
    @Nullable
    String field(String name) {
        var value = data.path(name);
        return value.isTextual() ? value.textValue() : null;
    }

    /** Its name without the word for a team's: {@code RunContent}. */
    String plainEvent() {
        return event.startsWith("Team") ? event.substring("Team".length()) : event;
    }
}
