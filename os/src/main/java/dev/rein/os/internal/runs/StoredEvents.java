package dev.rein.os.internal.runs;

import dev.rein.run.event.RunEvent;
import dev.rein.session.SessionStore;
import dev.rein.session.StoredRun;
import java.util.HashSet;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The stored events of a run and its descendants, read page by page. Not thread-safe. */
final class StoredEvents implements Iterator<RunEvent> {
    static final int PAGE = 2_000;

    private final @Nullable SessionStore store;
    private final StoredRun run;

    /** The runs whose events are read: with the root run, all events of its tree are stored. */
    private final Set<String> runs;

    private long last;
    private Iterator<RunEvent> page = Set.<RunEvent>of().iterator();
    private boolean atEnd;
    private @Nullable RunEvent next;

    /**
     * @param store the store; null for none
     * @param after the index of the last event to skip; -1 for none
     */
    StoredEvents(@Nullable SessionStore store, StoredRun run, long after) {
        this.store = store;
        this.run = run;
        this.runs = new HashSet<>(Set.of(run.runId()));
        this.last = after;
    }

    @Override
    public boolean hasNext() {
        while (next == null && (page.hasNext() || readPage())) {
            var event = page.next();
            if (isBelow(event)) {
                next = event;
            }
        }
        return next != null;
    }

    @Override
    public RunEvent next() {
        if (!hasNext() || next == null) {
            throw new NoSuchElementException();
        }
        var event = next;
        next = null;
        return event;
    }

    private boolean readPage() {
        if (store == null || atEnd) {
            return false;
        }
        var events = store.events(run.rootRunId(), last, PAGE);
        atEnd = events.size() < PAGE;
        page = events.iterator();
        if (!events.isEmpty()) {
            last = events.getLast().index();
        }
        return page.hasNext();
    }

    private boolean isBelow(RunEvent event) {
        if (run.runId().equals(run.rootRunId()) || runs.contains(event.runId())) {
            return true;
        }
        var parent = event.parentRunId();
        return parent != null && runs.contains(parent) && runs.add(event.runId());
    }
}
