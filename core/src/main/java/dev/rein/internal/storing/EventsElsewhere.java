package dev.rein.internal.storing;

import dev.rein.internal.stop.Durations;
import dev.rein.run.RunStatus;
import dev.rein.run.event.Paused;
import dev.rein.run.event.RunEvent;
import dev.rein.run.event.Terminal;
import dev.rein.runtime.EventStream;
import dev.rein.session.StoredRun;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The events of a run that is not in this process, with their own indexes. Its process passes them on through the store while they
 * are asked for; see {@link EventPublisher}. Events that it does not have any more, or if it does not answer, are those that are
 * stored. The end is told in any case: if its event is neither passed on nor stored, it is made from the run's row.
 */
final class EventsElsewhere implements EventStream {
    /** How long the process of a run passes events on after it was asked to. */
    private static final Duration FOLLOW = Duration.ofSeconds(30);

    /** How long the events of a process that was asked for them, or the last ones of an ended run, are waited for. */
    private static final Duration PUBLISHER_WAIT = Duration.ofSeconds(3);

    private static final long SHORTEST_MILLIS = 10;
    private static final long LONGEST_MILLIS = 100;
    private static final int PAGE = 1_000;

    private static final Logger log = LoggerFactory.getLogger(EventsElsewhere.class);

    private final ProcessLease lease;
    private final StoredRun run;

    /** The run and those below it, as far as they are known. */
    private final Set<String> covered = new HashSet<>();

    private final Queue<RunEvent> fetched = new ArrayDeque<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Iterator<RunEvent> iterator = new Iterator<>() {
        @Override
        public boolean hasNext() {
            return fetch(Long.MAX_VALUE);
        }

        @Override
        public RunEvent next() {
            if (!hasNext()) {
                throw new NoSuchElementException("run " + run.runId() + " has no more events");
            }
            return fetched.remove();
        }
    };

    /** The index of the last event that was fetched. */
    private long last;

    private boolean isPublished;
    private boolean isOver;

    /** Whether its last event says that it is paused. */
    private boolean endsWithPause;

    private boolean failing;
    private long askedNanos;
    private @Nullable Long silentSince;
    private long waitMillis = SHORTEST_MILLIS;

    EventsElsewhere(ProcessLease lease, StoredRun run, long afterIndex) {
        this.lease = lease;
        this.run = run;
        this.last = Math.max(-1, afterIndex);
        covered.add(run.runId());
        askedNanos = System.nanoTime() - FOLLOW.toNanos();
    }

    @Override
    public Iterator<RunEvent> iterator() {
        return iterator;
    }

    @Override
    public @Nullable RunEvent next(Duration atMost) {
        return fetch(Durations.nanos(atMost)) ? fetched.remove() : null;
    }

    @Override
    public boolean isOver() {
        return fetched.isEmpty() && (isOver || closed.getCount() == 0);
    }

    @Override
    public void close() {
        closed.countDown();
    }

    /** @return whether there is an event now */
    private boolean fetch(long atMostNanos) {
        var begun = System.nanoTime();
        while (fetched.isEmpty() && !isOver()) {
            try {
                look();
                failing = false;
            } catch (IllegalStateException e) {
                failed(e);
            }
            var left = atMostNanos - (System.nanoTime() - begun);
            if (fetched.isEmpty() && !isOver() && (left <= 0 || !pause(left))) {
                return false;
            }
        }
        return !fetched.isEmpty();
    }

    private void failed(IllegalStateException e) {
        if (lease.store() == null) {
            isOver = true;
        } else if (!failing) {
            failing = true;
            log.warn("the events of run {} can't be read now; trying again", run.runId(), e);
        }
    }

    /** @return false if this stream ends meanwhile */
    private boolean pause(long atMostNanos) {
        try {
            var nanos = Math.min(atMostNanos, TimeUnit.MILLISECONDS.toNanos(waitMillis));
            waitMillis = Math.min(2 * waitMillis, LONGEST_MILLIS);
            return !closed.await(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            isOver = true;
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void look() {
        askForEvents();
        // First: what is published later than this belongs to a status that is later too.
        var status = lease.call(store -> store.statuses(List.of(run.runId()))).get(run.runId());
        var published = lease.call(store -> store.published(run.rootRunId(), last, PAGE));
        if (!published.isEmpty()) {
            isPublished = true;
            silentSince = null;
            waitMillis = SHORTEST_MILLIS;
            var first = published.getFirst().index();
            if (first > last + 1 && addStored(first) == PAGE) {
                // There may be more before it.
                return;
            }
            published.forEach(this::add);
            return;
        }
        if (status == null || (status == RunStatus.PAUSED && endsWithPause)) {
            isOver = true;
            return;
        }
        var isAtRest = status.isTerminal() || status == RunStatus.PAUSED;
        if (silentSince == null || (isPublished && !isAtRest)) {
            silentSince = System.nanoTime();
        }
        if (run.status().isTerminal() || System.nanoTime() - silentSince > PUBLISHER_WAIT.toNanos()) {
            if (addStored(Long.MAX_VALUE) == 0 && isAtRest && !isOver) {
                addLast();
            }
        }
    }

    private void askForEvents() {
        if (!run.status().isTerminal() && System.nanoTime() - askedNanos > FOLLOW.toNanos() / 3) {
            lease.call(store -> store.follow(run.rootRunId(), FOLLOW));
            askedNanos = System.nanoTime();
        }
    }

    /**
     * Adds stored events before an index.
     *
     * @return the number of those that were read
     */
    private int addStored(long before) {
        var stored = lease.call(store -> store.events(run.rootRunId(), last, PAGE));
        var count = 0;
        for (var event : stored) {
            if (event.index() < before) {
                add(event);
                count++;
            }
        }
        return count;
    }

    private void addLast() {
        isOver = true;
        lease.call(store -> store.run(run.runId()))
                .flatMap(row -> row.lastEvent(last + 1))
                .ifPresent(fetched::add);
    }

    private void add(RunEvent event) {
        if (event.index() <= last || isOver) {
            return;
        }
        last = event.index();
        if (!isCovered(event)) {
            return;
        }
        fetched.add(event);
        var isOwn = event.runId().equals(run.runId());
        endsWithPause = event instanceof Paused && (isOwn || endsWithPause);
        isOver |= isOwn && event instanceof Terminal;
    }

    private boolean isCovered(RunEvent event) {
        if (run.parentRunId() == null || covered.contains(event.runId())) {
            return true;
        }
        var parent = event.parentRunId();
        return parent != null && covered.contains(parent) && covered.add(event.runId());
    }
}
