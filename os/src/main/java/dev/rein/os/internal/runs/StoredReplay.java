package dev.rein.os.internal.runs;

import dev.rein.os.internal.wire.EventFrame;
import dev.rein.os.internal.wire.EventWire;
import dev.rein.run.RunStatus;
import dev.rein.run.event.RunEvent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;

/** The frames of a stored run that a reader has missed. Not thread-safe. */
public final class StoredReplay {
    private final RunStatus status;
    private final EventWire wire;
    private final Supplier<Iterator<RunEvent>> events;

    /** All events, unless there are too many to keep them. */
    private final List<RunEvent> first = new ArrayList<>();

    private final boolean isComplete;
    private final int count;

    /** Where frames go. */
    @FunctionalInterface
    public interface Sink {
        void send(EventFrame frame) throws IOException;
    }

    /** @param events reads the events from the store; called again to send more than a page of them */
    StoredReplay(RunStatus status, EventWire wire, Supplier<Iterator<RunEvent>> events) {
        this.status = status;
        this.wire = wire;
        this.events = events;
        var frames = 0;
        var all = events.get();
        while (all.hasNext()) {
            var event = all.next();
            frames += wire.count(event);
            if (first.size() <= StoredEvents.PAGE) {
                first.add(event);
            }
        }
        count = frames;
        isComplete = first.size() <= StoredEvents.PAGE;
    }

    /** The status on the wire. */
    public String status() {
        return RunStatuses.shown(status);
    }

    public boolean isOver() {
        return status.isTerminal();
    }

    /** The number of frames. */
    public int count() {
        return count;
    }

    /** Sends the frames, in their order. */
    public void send(Sink sink) throws IOException {
        for (var all = isComplete ? first.iterator() : events.get(); all.hasNext(); ) {
            for (var frame : wire.frames(all.next())) {
                sink.send(frame);
            }
        }
    }
}
