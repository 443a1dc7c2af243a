package dev.rein.os.internal.wire;

import dev.rein.run.RunOutput;
import dev.rein.run.event.RunEvent;
import java.util.List;
import java.util.function.Supplier;

/**
 * A root run's events as frames, for one reader. Holds nothing that a later reader would lack: reading may begin at any
 * event. Not thread-safe.
 */
public final class EventWire {

    /**
     * @param catalog whose names and models the runs have
     * @param root what the root run has come to so far: asked when a run ends or pauses, after its event was read
     */
    public EventWire(Catalog catalog, Supplier<RunOutput> root, EventOptions options) {}

    /** The frames of an event: none for one that clients do not know, two for the end of a cancelled run. */
    public List<Frame> frames(RunEvent event) {
        var data = WireJson.object();
        data.put("created_at", event.meta().createdAt().getEpochSecond());
        data.put("event", event.name());
        return List.of(new Frame(event.name(), data));
    }

    /**
     * Where to read a run's events on from, for a reader that has the frames up to {@code wireIndex}: what to give to {@link
     * dev.rein.run.RunHandle#events(long)}, together with {@link EventOptions#after}.
     *
     * @param wireIndex the {@code event_index} of the last frame that the reader has; -1 for none
     */
    public static long kernelIndexOf(long wireIndex) {
        return Math.floorDiv(wireIndex + 1, 2) - 1;
    }
}
