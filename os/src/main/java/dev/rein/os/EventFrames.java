package dev.rein.os;

import dev.rein.os.internal.wire.ComponentCatalog;
import dev.rein.os.internal.wire.EventFrame;
import dev.rein.os.internal.wire.EventOptions;
import dev.rein.os.internal.wire.EventWire;
import dev.rein.os.internal.wire.WireJson;
import dev.rein.run.RunOutput;
import dev.rein.run.event.RunEvent;
import dev.rein.runtime.Component;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;

/**
 * The events of a run in the form in which AgentOS sends them, for controllers that stream them themselves. Used by one thread at
 * a time.
 */
public final class EventFrames {
    private final EventWire wire;

    /**
     * A frame.
     *
     * @param event the name of the event, such as {@code RunContent}
     * @param index the number of the frame within the run; it has gaps if events are left out
     * @param json the data as JSON on one line
     */
    public record Frame(String event, long index, String json) {}

    private EventFrames(EventWire wire) {
        this.wire = wire;
    }

    /**
     * @param root the current output of the root run, such as {@code stream::output}
     * @param components the components that run, for their names and models; may be left out
     */
    public static EventFrames of(Supplier<RunOutput> root, Component... components) {
        return new EventFrames(new EventWire(ComponentCatalog.of(List.of(components)), root, EventOptions.all()));
    }

    /** Returns the frames of an event, in order: two for the end of a cancelled run, which clients await as {@code RunCompleted}. */
    public List<Frame> of(RunEvent event) {
        return wire.frames(event).stream().map(EventFrames::frame).toList();
    }

    private static Frame frame(EventFrame frame) {
        return new Frame(
                frame.event(), frame.index(), new String(WireJson.bytes(frame.data()), StandardCharsets.UTF_8));
    }
}
