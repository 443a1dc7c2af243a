package dev.rein.run.event;

import java.util.Map;

/**
 * Something that a user's code tells; see {@link dev.rein.run.RunContext#emit}.
 *
 * @param meta where and when
 * @param event its name
 * @param data what it carries
 */
public record CustomEvent(EventMeta meta, String event, Map<String, Object> data) implements RunEvent {
    public CustomEvent {
        data = Map.copyOf(data);
    }
}
