package dev.rein.os.internal.runs;

import dev.rein.os.internal.wire.EventOptions;
import dev.rein.os.internal.wire.EventWire;
import dev.rein.run.event.RunEvent;
import dev.rein.runtime.RunHandle;
import dev.rein.runtime.StreamExpiredException;
import dev.rein.session.SessionStore;
import dev.rein.session.StoredRun;
import java.time.Duration;
import java.util.Iterator;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds the place at which a reader of a run's events begins. For a run whose streams leave events out, those before the place are
 * counted: from memory and, where they are no longer there, from the store. Where the store has none either, such as with
 * {@code EventPolicy.NONE}, a {@link StreamExpiredException} says so.
 */
public final class FrameNumbers {
    private FrameNumbers() {}

    /**
     * Options for a reader of a run of this process.
     *
     * @param last the {@code event_index} of the last frame that the reader has; -1 for none
     * @param store the store of the run; null for none
     */
    public static EventOptions afterFrame(RunHandle run, long last, @Nullable SessionStore store) {
        var options = EventOptions.of(run.output()).withEventIndex(true).after(last);
        if (options.streamEvents()) {
            return options;
        }
        var count = new LeftOut(last, false);
        visit(run, store, count);
        return count.options(options);
    }

    /** Options for a reader of a stored run. */
    static EventOptions afterFrame(StoredRun run, long last, @Nullable SessionStore store) {
        var options = EventOptions.of(run).withEventIndex(true).after(last);
        if (options.streamEvents()) {
            return options;
        }
        var count = new LeftOut(last, false);
        visit(new StoredEvents(store, run, -1), Long.MAX_VALUE, count);
        return count.options(options);
    }

    /**
     * Options for a reader of a run of this process.
     *
     * @param index the index of the last event that is not read
     * @param store the store of the run; null for none
     */
    public static EventOptions afterEvent(RunHandle run, long index, @Nullable SessionStore store) {
        var options = EventOptions.of(run.output()).withEventIndex(true).after(index);
        if (options.streamEvents()) {
            return options;
        }
        var count = new LeftOut(index, true);
        visit(run, store, count);
        return options.leftOut(count.leftOut);
    }

    /** Visits the events of a run from its first on, until the visitor returns false. */
    private static void visit(RunHandle run, @Nullable SessionStore store, Predicate<RunEvent> visitor) {
        var next = 0L;
        while (true) {
            try (var events = run.events(next - 1)) {
                for (var event = events.next(Duration.ZERO); event != null; event = events.next(Duration.ZERO)) {
                    if (!visitor.test(event)) {
                        return;
                    }
                    next = EventWire.nextIndex(event);
                }
                return;
            } catch (StreamExpiredException e) {
                var row = store == null ? null : store.run(run.id()).orElse(null);
                if (row == null) {
                    throw e;
                }
                var stored = new StoredEvents(store, row, next - 1);
                if (!stored.hasNext()) {
                    throw e;
                }
                if (!visit(stored, e.oldestIndex(), visitor)) {
                    return;
                }
                next = e.oldestIndex();
            }
        }
    }

    /** @return false if the visitor returned it */
    private static boolean visit(Iterator<RunEvent> events, long end, Predicate<RunEvent> visitor) {
        while (events.hasNext()) {
            var event = events.next();
            if (event.index() >= end) {
                return true;
            }
            if (!visitor.test(event)) {
                return false;
            }
        }
        return true;
    }

    /** Counts the frames left out before a frame, or up to an event. It need not see the events that are sent. */
    private static final class LeftOut implements Predicate<RunEvent> {
        private final long last;
        private final boolean isEvent;
        private long leftOut;

        LeftOut(long last, boolean isEvent) {
            this.last = last;
            this.isEvent = isEvent;
        }

        @Override
        public boolean test(RunEvent event) {
            if ((isEvent ? event.index() : event.index() - leftOut) > last) {
                return false;
            }
            if (!EventWire.isEssential(event)) {
                leftOut += EventWire.nextIndex(event) - event.index();
            }
            return true;
        }

        EventOptions options(EventOptions options) {
            return last < 0
                    ? options
                    : options.after(Math.min(last, Long.MAX_VALUE - leftOut) + leftOut)
                            .leftOut(leftOut);
        }
    }
}
