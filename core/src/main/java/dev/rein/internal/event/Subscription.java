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

/** The events of a run and its descendants, for one reader. */
public class Subscription implements EventStream {
    private final ObservedRun run;
    private final EventLog.Reader reader;

    private @Nullable RunEvent next;
    private boolean exhausted;
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
        return next == null && (exhausted || reader.isClosed());
    }

    /** Whether all events were read, whether or not the stream was closed. */
    boolean isFullyRead() {
        return exhausted && next == null;
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
        while (next == null && !exhausted) {
            try {
                var event = reader.take(run::rests, deadline, limited);
                if (event != null) {
                    if (run.covers(event.runId())) {
                        next = event;
                    }
                } else if (reader.isDone(run::rests)) {
                    exhausted = true;
                    reader.close();
                } else {
                    return false;
                }
            } catch (InterruptedException e) {
                exhausted = true;
                interrupted();
            }
        }
        return next != null;
    }

    /** Ends the stream because the reading thread was interrupted. */
    void interrupted() {
        reader.close();
        Thread.currentThread().interrupt();
    }

    private RunEvent next() {
        if (!hasNext()) {
            throw new NoSuchElementException("run " + run.id() + " has no more events");
        }
        var event = Objects.requireNonNull(next);
        next = null;
        if (event instanceof Terminal && event.runId().equals(run.id())) {
            exhausted = true;
            reader.close();
        }
        return event;
    }

    @Override
    public void close() {
        reader.close();
    }
}
