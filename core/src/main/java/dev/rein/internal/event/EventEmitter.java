package dev.rein.internal.event;

import dev.rein.internal.stop.Scope;
import dev.rein.run.event.EventMeta;
import dev.rein.run.event.Origin;
import dev.rein.run.event.RunEvent;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** How a run shows its events: in the log of its tree, unless it is hidden, and in a trace if there is one. Thread-safe. */
public final class EventEmitter {
    private final EventLog log;
    private final Origin origin;
    private final EventVisibility visibility;
    private final @Nullable DebugTrace trace;
    private final Executor elsewhere;

    /** @param elsewhere where to trace what happens under the tree's lock: whoever prints may be slow */
    public EventEmitter(
            EventLog log, Origin origin, EventVisibility visibility, @Nullable DebugTrace trace, Executor elsewhere) {
        this.log = log;
        this.origin = origin;
        this.visibility = visibility;
        this.trace = trace;
        this.elsewhere = elsewhere;
    }

    EventLog log() {
        return log;
    }

    public EventVisibility visibility() {
        return visibility;
    }

    @Nullable
    public DebugTrace trace() {
        return trace;
    }

    /** As the next event, with what every event carries. */
    private EventMeta meta(long index) {
        return new EventMeta(origin, index, Instant.now());
    }

    /**
     * Adds to the log, unless nobody is to see it.
     *
     * @throws dev.rein.cancel.CancelledException if {@code from} is stopped
     */
    public RunEvent append(Scope from, int characters, Function<EventMeta, RunEvent> event) {
        if (visibility.hidden()) {
            from.throwIfCancelled();
            return event.apply(meta(log.next()));
        }
        return log.append(from, characters, index -> event.apply(meta(index)));
    }

    /** The same for an event that is taken in any case. */
    public RunEvent appendAlways(Function<EventMeta, RunEvent> event) {
        return visibility.hidden()
                ? event.apply(meta(log.next()))
                : log.appendAlways(index -> event.apply(meta(index)));
    }

    /** The same for an event that was made for the next place. */
    public void appendAlways(RunEvent made) {
        if (!visibility.hidden()) {
            log.appendAlways(_ -> made);
        }
    }

    /** The same for an event that there may not be. */
    @Nullable
    public RunEvent appendIfAny(Function<EventMeta, @Nullable RunEvent> event) {
        // Made twice rather than taken back: an event that is none must not use up an index.
        return event.apply(meta(log.next())) == null
                ? null
                : appendAlways(meta -> Objects.requireNonNull(event.apply(meta)));
    }

    /** The event that would be the next. */
    public RunEvent next(Function<EventMeta, RunEvent> event) {
        return event.apply(meta(log.next()));
    }

    /**
     * Adds an event under the tree's lock, and traces it afterwards.
     *
     * @param event makes it; may return null for none
     */
    public void appendLocked(Function<EventMeta, @Nullable RunEvent> event) {
        var appended = appendIfAny(event);
        if (trace != null && appended != null) {
            log.afterUnlock(() -> elsewhere.execute(() -> trace.accept(appended)));
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
