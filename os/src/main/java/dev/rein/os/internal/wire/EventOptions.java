package dev.rein.os.internal.wire;

import dev.rein.run.RunData;

/**
 * Options of a reader of events.
 *
 * <p>The frames of a run are numbered by the indexes of its events. If its streams leave events out, the numbers that clients see
 * are smaller by the number of frames left out before, so that they have no gaps.
 *
 * @param withEventIndex whether each frame carries its {@code event_index}
 * @param streamEvents whether to send all events; false for little more than the text
 * @param after the index of the last frame that the reader has received, those left out included; -1 for none. Frames up to it are
 *     skipped
 * @param leftOut the number of frames that were left out before the first event that is read
 */
public record EventOptions(boolean withEventIndex, boolean streamEvents, long after, long leftOut) {
    public static EventOptions all() {
        return new EventOptions(false, true, -1, 0);
    }

    /** For the streams of a run, without {@code event_index}. */
    public static EventOptions of(RunData run) {
        return all().streamEvents(RunMarks.streamEvents(run));
    }

    public EventOptions withEventIndex(boolean value) {
        return new EventOptions(value, streamEvents, after, leftOut);
    }

    public EventOptions streamEvents(boolean value) {
        return new EventOptions(withEventIndex, value, after, leftOut);
    }

    public EventOptions after(long value) {
        return new EventOptions(withEventIndex, streamEvents, value, leftOut);
    }

    public EventOptions leftOut(long value) {
        return new EventOptions(withEventIndex, streamEvents, after, value);
    }

    /** The argument of {@link dev.rein.runtime.RunHandle#events(long)} for this reader. */
    public long readAfter() {
        return EventWire.kernelIndexOf(after);
    }
}
