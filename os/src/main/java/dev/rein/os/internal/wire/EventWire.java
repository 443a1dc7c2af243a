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
 * Converts a root run's events to frames, for one reader. Keeps no state between events, so reading may start at any
 * event. Not thread-safe.
 *
 * <p>The {@code event_index} of a frame is twice the event's index. This leaves room for the second frame at the end of
 * a cancelled run: {@code *Completed} after {@code *Cancelled}, because clients finish only on the former.
 */
public final class EventWire {
    private final EventJson json;
    private final ContentFrames contents;
    private final EventOptions options;

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
    }

    /** The frames of an event: none if it is unknown to clients or not wanted, two for the end of a cancelled run. */
    public List<EventFrame> frames(RunEvent event) {
        var index = 2 * event.index();
        if (index + 1 <= options.after() || (!options.streamEvents() && !Essential.wants(event))) {
            return List.of();
        }
        if (event instanceof RunContent content) {
            return index <= options.after() ? List.of() : List.of(contents.frame(content, shown(index)));
        }
        var frames = new ArrayList<EventFrame>(2);
        var data = index > options.after() ? json.of(event, shown(index)) : null;
        if (data != null) {
            frames.add(EventFrame.of(data));
        }
        var completed = json.completedAfter(event, shown(index + 1));
        if (completed != null) {
            frames.add(EventFrame.of(completed));
        }
        return frames;
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
        return wireIndex < 0 ? -1 : Math.floorDiv(wireIndex - 1, 2);
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
            var index = 2 * event.index();
            var data = json.of(event, index);
            if (data != null) {
                array.add(data);
            }
            var completed = json.completedAfter(event, index + 1);
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
