package dev.rein.run.event;

import java.util.Map;

/**
 * An event emitted by application code; see {@link dev.rein.run.RunContext#emit}.
 *
 * @param meta origin, index and time of the event
 * @param event the name of the event
 * @param data the data of the event
 */
public record CustomEvent(EventMeta meta, String event, Map<String, Object> data) implements RunEvent {
    public CustomEvent {
        data = Map.copyOf(data);
    }
}
