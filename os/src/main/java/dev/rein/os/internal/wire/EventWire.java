package dev.rein.os.internal.wire;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.rein.run.ComponentKind;
import dev.rein.run.RunOutput;
import dev.rein.run.event.CustomEvent;
import dev.rein.run.event.Origin;
import dev.rein.run.event.Paused;
import dev.rein.run.event.RunCompleted;
import dev.rein.run.event.RunContent;
import dev.rein.run.event.RunEvent;
import dev.rein.run.event.StepProgress;
import dev.rein.run.event.Terminal;
import dev.rein.run.event.WorkflowStarted;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Converts a root run's events to frames, for one reader, which reads them in their order from any event on. Not thread-safe.
 *
 * <p>Every event is one frame, whose {@code event_index} is that of the event. The end of a cancelled run is two: {@code
 * *Completed} follows {@code *Cancelled}, because clients finish only on the former. Its index is the one that the kernel
 * leaves free there, so that the frames of a run are numbered without gaps. Those of a reader that does not want all events are
 * numbered without the frames left out.
 */
public final class EventWire {
    private final EventJson json;
    private final ContentFrames contents;
    private final EventOptions options;
    private long leftOut;

    /**
     * @param catalog source of the names and models of components
     * @param root the current output of the root run; queried when a run ends or pauses, after its event was read
     */
    public EventWire(ComponentCatalog catalog, Supplier<RunOutput> root, EventOptions options) {
        this(new EventJson(catalog, RunLookup.in(root, catalog)), options);
    }

    EventWire(EventJson json, EventOptions options) {
        this.json = json;
        this.contents = new ContentFrames(json);
        this.options = options;
        this.leftOut = options.leftOut();
    }

    /** Whether an event is sent to readers that do not want all. */
    public static boolean isEssential(RunEvent event) {
        return Essential.wants(event);
    }

    /** The number of frames left out so far. */
    public long leftOut() {
        return leftOut;
    }

    private boolean isWanted(RunEvent event) {
        return options.streamEvents() || Essential.wants(event);
    }

    /** The number of an event's {@link #frames}. */
    public int count(RunEvent event) {
        if (!isWanted(event)) {
            return 0;
        }
        var first = Math.max(event.index(), options.after() + 1);
        return (int) Math.max(nextIndex(event) - first, 0);
    }

    /** The frames of an event: none if it is not wanted, two for the end of a cancelled run. */
    public List<EventFrame> frames(RunEvent event) {
        if (!isWanted(event)) {
            leftOut += nextIndex(event) - event.index();
            return List.of();
        }
        if (count(event) == 0) {
            return List.of();
        }
        var index = event.index() - leftOut;
        if (event instanceof RunContent content) {
            return List.of(contents.frame(content, index, options.withEventIndex()));
        }
        var frames = new ArrayList<EventFrame>(2);
        if (event.index() > options.after()) {
            frames.add(EventFrame.of(json.of(event, shown(index)), index));
        }
        var completed = json.completedAfter(event, shown(index + 1));
        if (completed != null) {
            frames.add(EventFrame.of(completed, index + 1));
        }
        return frames;
    }

    /** The {@code event_index} of the frame after those of an event. */
    public static long nextIndex(RunEvent event) {
        return event.index() + (TerminalEventJson.nameAfter(event) == null ? 1 : 2);
    }

    private @Nullable Long shown(long index) {
        return options.withEventIndex() ? index : null;
    }

    /**
     * The event index from which a reader that has the frames up to {@code wireIndex} continues: the argument of
     * {@link dev.rein.runtime.RunHandle#events(long)}, together with {@link EventOptions#after}.
     *
     * @param wireIndex the {@code event_index} of the last frame that the reader has received; -1 for none
     */
    public static long kernelIndexOf(long wireIndex) {
        // The second frame of the event at that index may be missing, so that it is read again.
        return Math.max(wireIndex, 0) - 1;
    }

    /**
     * The {@code events} of a fetched run. As in the reference, text events are left out except in workflow runs, and
     * so are events that older clients fail to parse there.
     */
    static @Nullable ArrayNode fetched(
            List<RunEvent> events, ComponentKind root, RunLookup runs, ComponentCatalog catalog) {
        if (events.isEmpty()) {
            return null;
        }
        var json = new EventJson(catalog, runs);
        var array = WireJson.array();
        for (var event : events) {
            if (event instanceof StepProgress || (event instanceof RunContent && root != ComponentKind.WORKFLOW)) {
                continue;
            }
            array.add(json.of(event, event.index()));
            var completed = json.completedAfter(event, event.index() + 1);
            if (completed != null) {
                array.add(completed);
            }
        }
        return array;
    }

    /** Selects the events for a reader that does not want all. */
    private static final class Essential {
        private Essential() {}

        static boolean wants(RunEvent event) {
            var origin = event.meta().origin();
            return switch (event) {
                case RunCompleted _ -> isMember(origin);
                case RunContent _, CustomEvent _, WorkflowStarted _, Paused _, Terminal _ -> true;
                default -> isMember(origin);
            };
        }

        /** Events of team members are always sent in full. */
        private static boolean isMember(Origin origin) {
            var step = origin.step();
            return origin.source() != ComponentKind.WORKFLOW
                    && origin.parentRunId() != null
                    && (step == null || !step.workflowRunId().equals(origin.parentRunId()));
        }
    }
}
