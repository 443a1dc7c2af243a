package dev.rein.os.internal.wire;

/**
 * Options of a reader of events.
 *
 * @param withEventIndex whether each frame carries its {@code event_index}
 * @param streamEvents whether to send all events; false for little more than the text
 * @param after the {@code event_index} of the last frame that the reader has received; -1 for none. Frames up to it are
 *     skipped
 */
public record EventOptions(boolean withEventIndex, boolean streamEvents, long after) {
    public static EventOptions all() {
        return new EventOptions(false, true, -1);
    }

    public EventOptions withEventIndex(boolean value) {
        return new EventOptions(value, streamEvents, after);
    }

    public EventOptions streamEvents(boolean value) {
        return new EventOptions(withEventIndex, value, after);
    }

    public EventOptions after(long value) {
        return new EventOptions(withEventIndex, streamEvents, value);
    }
}
