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
 * A root run's events as frames, for one reader. Holds nothing that a later reader would lack: reading may begin at any
 * event. Not thread-safe.
 *
 * <p>The {@code event_index} of a frame is twice the event's index, which leaves room for the second frame that the end of a
 * cancelled run has: {@code *Completed} after {@code *Cancelled}, because clients finish only on that.
 */
public final class EventWire {
    private final EventJson form;
    private final ContentFrames contents;
    private final EventOptions options;

    /**
     * @param catalog whose names and models the runs have
     * @param root what the root run has come to so far: asked when a run ends or pauses, after its event was read
     */
    public EventWire(ComponentCatalog catalog, Supplier<RunOutput> root, EventOptions options) {
        this(new EventJson(catalog, RunLookup.in(root, catalog)), options);
    }

    EventWire(EventJson form, EventOptions options) {
        this.form = form;
        this.contents = new ContentFrames(form);
        this.options = options;
    }

    /** The frames of an event: none for one that clients do not know or want, two for the end of a cancelled run. */
    public List<EventFrame> frames(RunEvent event) {
        var index = 2 * event.index();
        if (index + 1 <= options.after() || (!options.streamEvents() && !Brief.wants(event))) {
            return List.of();
        }
        if (event instanceof RunContent content) {
            return index <= options.after() ? List.of() : List.of(contents.frame(content, shown(index)));
        }
        var frames = new ArrayList<EventFrame>(2);
        var data = index > options.after() ? form.of(event, shown(index)) : null;
        if (data != null) {
            frames.add(EventFrame.of(data));
        }
        var completed = form.completedAfter(event, shown(index + 1));
        if (completed != null) {
            frames.add(EventFrame.of(completed));
        }
        return frames;
    }

    private @Nullable Long shown(long index) {
        return options.withEventIndex() ? index : null;
    }

    /**
     * Where to read a run's events on from, for a reader that has the frames up to {@code wireIndex}: what to give to {@link
     * dev.rein.runtime.RunHandle#events(long)}, together with {@link EventOptions#after}.
     *
     * @param wireIndex the {@code event_index} of the last frame that the reader has; -1 for none
     */
    public static long kernelIndexOf(long wireIndex) {
        return wireIndex < 0 ? -1 : Math.floorDiv(wireIndex - 1, 2);
    }

    /**
     * Events as they are kept with a run. As the reference has it the text of agents and teams is left out, but in a
     * workflow's; and so is what older clients refuse to read there.
     */
    static @Nullable ArrayNode kept(
            List<RunEvent> events, ComponentKind root, RunLookup runs, ComponentCatalog catalog) {
        if (events.isEmpty()) {
            return null;
        }
        var form = new EventJson(catalog, runs);
        var array = WireJson.array();
        for (var event : events) {
            if (event instanceof StepProgress || (event instanceof RunContent && root != ComponentKind.WORKFLOW)) {
                continue;
            }
            var index = 2 * event.index();
            var data = form.of(event, index);
            if (data != null) {
                array.add(data);
            }
            var completed = form.completedAfter(event, index + 1);
            if (completed != null) {
                array.add(completed);
            }
        }
        return array;
    }

    /** What a reader gets who does not want all events. */
    private static final class Brief {
        private Brief() {}

        static boolean wants(RunEvent event) {
            var origin = event.meta().origin();
            return switch (event) {
                case RunCompleted _ -> isMember(origin);
                case RunContent _, CustomEvent _, WorkflowStarted _, Paused _, Terminal _ -> true;
                default -> isMember(origin);
            };
        }

        /** A team's members are always told of, whole. */
        private static boolean isMember(Origin origin) {
            var step = origin.step();
            return origin.source() != ComponentKind.WORKFLOW
                    && origin.parentRunId() != null
                    && (step == null || !step.workflowRunId().equals(origin.parentRunId()));
        }
    }
}
