package dev.rein.internal.run;

import dev.rein.run.EventStream;
import dev.rein.run.event.RunEvent;
import dev.rein.run.event.Terminal;
import java.util.HashSet;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The events of one run and all below it, for one reader. */
class Subscription implements EventStream, Iterator<RunEvent> {
    private final Run run;
    private final EventLog.Reader reader;
    /** The run and all below it, as far as they have shown events; unused for a root, which is above everything. */
    private final Set<String> runs = new HashSet<>(2);

    private @Nullable RunEvent next;
    private boolean over;

    Subscription(Run run, EventLog.Reader reader) {
        this.run = run;
        this.reader = reader;
        runs.add(run.id());
    }

    Run run() {
        return run;
    }

    /** Whether the last event has been read. */
    boolean isOver() {
        return over;
    }

    @Override
    public Iterator<RunEvent> iterator() {
        return this;
    }

    @Override
    public boolean hasNext() {
        while (next == null && !over) {
            try {
                var event = reader.take();
                if (event == null) {
                    over = true;
                } else if (concerns(event)) {
                    next = event;
                }
            } catch (InterruptedException e) {
                over = !interrupted();
            }
        }
        return next != null;
    }

    /** The reading thread was interrupted. @return whether reading goes on */
    boolean interrupted() {
        reader.leave();
        Thread.currentThread().interrupt();
        return false;
    }

    private boolean concerns(RunEvent event) {
        if (run.isRoot() || runs.contains(event.runId())) {
            return true;
        }
        var parent = event.parentRunId();
        return parent != null && runs.contains(parent) && runs.add(event.runId());
    }

    @Override
    public RunEvent next() {
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
