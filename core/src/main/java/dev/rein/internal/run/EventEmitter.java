package dev.rein.internal.run;

import dev.rein.run.event.EventMeta;
import dev.rein.run.event.Origin;
import dev.rein.run.event.RunEvent;
import java.time.Instant;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** How a run shows its events: in the log of its tree, unless it is hidden, and in a trace if there is one. Thread-safe. */
final class EventEmitter {
    private final EventLog log;
    private final Origin origin;
    private final EventVisibility shown;
    private final @Nullable DebugTrace trace;
    private final Executor elsewhere;

    /** @param elsewhere where to trace what happens under the tree's lock: whoever prints may be slow */
    EventEmitter(EventLog log, Origin origin, EventVisibility shown, @Nullable DebugTrace trace, Executor elsewhere) {
        this.log = log;
        this.origin = origin;
        this.shown = shown;
        this.trace = trace;
        this.elsewhere = elsewhere;
    }

    EventLog log() {
        return log;
    }

    EventVisibility shown() {
        return shown;
    }

    @Nullable
    DebugTrace trace() {
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
    RunEvent append(Scope from, int characters, Function<EventMeta, RunEvent> event) {
        if (shown.hidden()) {
            from.throwIfCancelled();
            return event.apply(meta(log.next()));
        }
        return log.append(from, characters, index -> event.apply(meta(index)));
    }

    /** The same for an event that is taken in any case. */
    RunEvent appendAlways(Function<EventMeta, RunEvent> event) {
        return shown.hidden() ? event.apply(meta(log.next())) : log.appendAlways(index -> event.apply(meta(index)));
    }

    /** The event that would be the next. */
    RunEvent next(Function<EventMeta, RunEvent> event) {
        return event.apply(meta(log.next()));
    }

    /** Adds an event under the tree's lock, and traces it afterwards. */
    void appendLocked(Function<EventMeta, RunEvent> event) {
        var appended = appendAlways(event);
        if (trace != null) {
            elsewhere.execute(() -> trace.accept(appended));
        }
    }

    void trace(RunEvent event) {
        if (trace != null) {
            trace.accept(event);
        }
    }

    /** Traces an event before it is appended. */
    void traceBefore(Function<EventMeta, RunEvent> event) {
        if (trace != null) {
            trace.accept(event.apply(meta(log.next())));
        }
    }
}
