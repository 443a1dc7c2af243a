package dev.rein.internal.event;

import dev.rein.internal.stop.Scope;
import dev.rein.run.event.EventMeta;
import dev.rein.run.event.Origin;
import dev.rein.run.event.RunEvent;
import java.time.Instant;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Emits a run's events to the log of its tree, and to its trace if it has one. A hidden run that is streamed emits them to a log
 * for its stream; other hidden runs emit none. Thread-safe.
 */
public final class EventEmitter {
    private final EventLog log;
    private final Origin origin;
    private final EventVisibility visibility;
    private final @Nullable DebugTrace trace;
    private final @Nullable EventEmitter above;

    /** The log of a hidden run that is streamed; null for none. Guarded by the tree's lock. */
    private @Nullable EventLog ownLog;

    /**
     * @param log the log of the tree
     * @param above the emitter of the parent run; null for a root
     */
    public EventEmitter(
            EventLog log,
            Origin origin,
            EventVisibility visibility,
            @Nullable EventEmitter above,
            @Nullable DebugTrace trace) {
        this.log = log;
        this.above = above;
        this.origin = origin;
        this.visibility = visibility;
        this.trace = trace;
    }

    /** Returns the log to read; it has no events of a hidden run that is not streamed. Called under the tree's lock. */
    public EventLog log() {
        var target = target();
        return target == null ? log : target;
    }

    /**
     * Gives a hidden run a log for its stream, unless a run above has one. Called under the tree's lock.
     *
     * @return the log to read
     */
    public EventLog openLog() {
        if (target() == null) {
            ownLog = log.open();
        }
        return log();
    }

    /** The log that events are appended to; null for none. */
    private @Nullable EventLog target() {
        if (!visibility.hidden()) {
            return log;
        }
        for (var each = this; each != null && each.visibility.hidden(); each = each.above) {
            if (each.ownLog != null) {
                return each.ownLog;
            }
        }
        return null;
    }

    public EventVisibility visibility() {
        return visibility;
    }

    @Nullable
    public DebugTrace trace() {
        return trace;
    }

    /** The metadata of an event with the given index. */
    private EventMeta meta(long index) {
        return new EventMeta(origin, index, Instant.now());
    }

    /**
     * Appends an event to the log, unless the run is hidden.
     *
     * @param from the scope that emits the event
     * @param characters the length of the event's text, for the size of the log
     * @throws dev.rein.cancel.CancelledException if {@code from} is stopped
     */
    public RunEvent append(Scope from, int characters, Function<EventMeta, RunEvent> event) {
        return from.locked(() -> {
            var target = target();
            if (target == null) {
                from.throwIfCancelled();
                return event.apply(meta(log.next()));
            }
            return target.append(from, characters, index -> event.apply(meta(index)));
        });
    }

    /** Appends an event that was created by {@link #next}, even after a stop and to a full log. */
    public void appendAlways(RunEvent created) {
        var target = target();
        if (target != null) {
            target.appendAlways(_ -> created);
        }
    }

    /**
     * The length of the run's text in the events after an index; the largest integer if it is unknown. Called under the tree's
     * lock.
     */
    public int charactersAfter(long index) {
        var source = visibility.asParent() && above != null ? above : this;
        return log().charactersAfter(index, source.origin.runId());
    }

    /** Makes readers of the events check again whether their run rests. Called under the tree's lock. */
    public void wakeReaders() {
        log.wakeReaders();
        log().wakeReaders();
    }

    /** Appends an event like {@link #appendAlways}, unless the function returns null. Called under the tree's lock. */
    @Nullable
    public RunEvent appendIfAny(Function<EventMeta, @Nullable RunEvent> event) {
        // Created before its place is taken: a missing event must not use up an index.
        var created = event.apply(meta(log().next()));
        if (created != null) {
            appendAlways(created);
        }
        return created;
    }

    /** Creates an event with the next index without appending it. */
    public RunEvent next(Function<EventMeta, RunEvent> event) {
        return event.apply(meta(log().next()));
    }

    /**
     * Appends an event under the tree's lock, and traces it once that is left.
     *
     * @param event creates the event; may return null for none
     */
    public void appendLocked(Function<EventMeta, @Nullable RunEvent> event) {
        var appended = appendIfAny(event);
        if (trace != null && appended != null) {
            log.afterUnlock(() -> trace.acceptLater(appended));
        }
    }

    public void trace(RunEvent event) {
        if (trace != null) {
            trace.accept(event);
        }
    }

    /** Traces an event before it is appended. */
    public void traceBefore(Function<EventMeta, RunEvent> event) {
        if (trace != null) {
            trace.accept(event.apply(meta(log.next())));
        }
    }
}
