package dev.rein.internal.event;

import dev.rein.internal.stop.Durations;
import dev.rein.run.event.RunEvent;
import dev.rein.run.event.Terminal;
import dev.rein.runtime.EventStream;
import java.time.Duration;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The events of one run and all below it, for one reader. */
public class Subscription implements EventStream {
    private final ObservedRun run;
    private final EventLog.Reader reader;

    private @Nullable RunEvent next;
    private boolean over;
    private final Iterator<RunEvent> events = new Iterator<>() {
        @Override
        public boolean hasNext() {
            return Subscription.this.hasNext();
        }

        @Override
        public RunEvent next() {
            return Subscription.this.next();
        }
    };

    public Subscription(ObservedRun run, EventLog.Reader reader) {
        this.run = run;
        this.reader = reader;
    }

    ObservedRun run() {
        return run;
    }

    @Override
    public boolean isOver() {
        return next == null && (over || reader.hasLeft());
    }

    /** Whether all that there will be was read, if it was closed or not. */
    boolean isRead() {
        return over && next == null;
    }

    @Override
    public Iterator<RunEvent> iterator() {
        return events;
    }

    @Override
    public @Nullable RunEvent next(Duration atMost) {
        return fetch(System.nanoTime() + Durations.nanos(atMost), true) ? next() : null;
    }

    private boolean hasNext() {
        return fetch(0, false);
    }

    private boolean fetch(long deadline, boolean limited) {
        while (next == null && !over) {
            try {
                var event = reader.take(run::rests, deadline, limited);
                if (event != null) {
                    if (run.covers(event.runId())) {
                        next = event;
                    }
                } else if (reader.isDone(run::rests)) {
                    over = true;
                    reader.leave();
                } else {
                    return false;
                }
            } catch (InterruptedException e) {
                over = true;
                interrupted();
            }
        }
        return next != null;
    }

    /** The reading thread was interrupted, which ends the reading. */
    void interrupted() {
        reader.leave();
        Thread.currentThread().interrupt();
    }

    private RunEvent next() {
        if (!hasNext()) {
            throw new NoSuchElementException("run " + run.id() + " has no more events");
        }
        var event = Objects.requireNonNull(next);
        next = null;
        if (event instanceof Terminal && event.runId().equals(run.id())) {
            over = true;
            reader.leave();
        }
        return event;
    }

    @Override
    public void close() {
        reader.leave();
    }
}
