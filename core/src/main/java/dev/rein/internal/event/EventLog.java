package dev.rein.internal.event;

import dev.rein.internal.stop.Durations;
import dev.rein.internal.stop.Scope;
import dev.rein.internal.stop.TreeLock;
import dev.rein.internal.storing.EventKeeper;
import dev.rein.run.RunStatus;
import dev.rein.run.event.RunContent;
import dev.rein.run.event.RunEvent;
import dev.rein.run.event.Terminal;
import dev.rein.runtime.StreamExpiredException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.function.BooleanSupplier;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The events of a tree of runs in a single order. Bounded: a full log drops its oldest events, unless the owner of a stream has
 * not read them yet; then appending waits. The last event of a run is always appended. Guarded by the tree's lock.
 *
 * <p>The index after the end of a cancelled run stays free: adapters that present such an end as two events can number both
 * without counting the events before.
 */
public final class EventLog {
    static final int MAX_EVENTS = 10_000;
    static final long MAX_BYTES = 8L << 20;

    /** How long an event waits for a keeper that has no room. */
    private static final Duration KEEPER_WAIT = Duration.ofSeconds(10);

    /** The approximate size of an event without its text, in bytes: its records and their fields. */
    private static final int OVERHEAD = 120;

    private final TreeLock lock;
    private final Duration stall;
    private final Condition appended;
    private @Nullable RunEvent[] ring = new @Nullable RunEvent[8];
    private int[] sizes = new int[8];
    private long first;
    private long next;
    private long bytes;
    private boolean closed;
    private @Nullable EventKeeper keeper;
    private final List<Reader> owners = new ArrayList<>(1);

    /** The scopes that wait for an owner to read, or for the keeper. */
    private final List<Scope> waiting = new ArrayList<>(0);

    /**
     * @param stall how long to wait for an owner before it is considered gone
     * @param from the index of the first event
     */
    public EventLog(TreeLock lock, Duration stall, long from) {
        this.lock = lock;
        this.stall = stall;
        this.first = from;
        this.next = from;
        this.appended = lock.newCondition();
    }

    /** Sets the keeper, which is given every event under the lock. */
    public void keptBy(EventKeeper keeper) {
        this.keeper = keeper;
        keeper.onRoom(() -> waiting.forEach(Scope::signal));
    }

    /** Returns an empty log under the same lock, which begins with the next index of this one. */
    EventLog open() {
        return new EventLog(lock, stall, next);
    }

    /**
     * Appends an event of a run. Waits while an owner's unread events fill the log, or the keeper has no room.
     *
     * @throws dev.rein.cancel.CancelledException if the scope is stopped
     */
    RunEvent append(Scope scope, int characters, LongFunction<RunEvent> event) {
        lock.lock();
        try {
            var size = OVERHEAD + 2 * characters;
            scope.throwIfCancelled();
            awaitKeeper(scope);
            while (isFull(size)) {
                var slow = owners.stream().filter(owner -> owner.next <= first).findFirst();
                if (slow.isEmpty()) {
                    dropFirst();
                } else if (!awaitOwner(scope, size)) {
                    slow.get().stalled();
                    scope.throwIfCancelled();
                }
            }
            return add(size, event);
        } finally {
            lock.unlock();
        }
    }

    /** Appends an event regardless of stops and limits: a run's last event, or its first if that is still missing. */
    RunEvent appendAlways(LongFunction<RunEvent> event) {
        lock.lock();
        try {
            return add(OVERHEAD, event);
        } finally {
            lock.unlock();
        }
    }

    private RunEvent add(int size, LongFunction<RunEvent> event) {
        // There is room for the event and a free index behind it.
        if (next - first >= ring.length - 1) {
            grow();
        }
        var added = event.apply(next);
        if (keeper != null) {
            keeper.keep(added);
        }
        var slot = (int) (next % ring.length);
        ring[slot] = added;
        sizes[slot] = size;
        bytes += size;
        next += width(added);
        appended.signalAll();
        return added;
    }

    /** The number of indexes that an event uses: two for the end of a cancelled run, else one. */
    static int width(RunEvent event) {
        return event instanceof Terminal end && end.status() == RunStatus.CANCELLED ? 2 : 1;
    }

    /** The number of threads that wait for an owner to read, or for the keeper. */
    int waiting() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }

    private boolean isFull(int size) {
        return next > first && (next - first >= MAX_EVENTS || bytes + size > MAX_BYTES);
    }

    private boolean awaitOwner(Scope scope, int size) {
        waiting.add(scope);
        try {
            return scope.awaitUntil(
                    () -> !isFull(size) || owners.stream().noneMatch(owner -> owner.next <= first),
                    System.nanoTime() + Durations.nanos(stall),
                    true);
        } finally {
            waiting.remove(scope);
        }
    }

    private void awaitKeeper(Scope scope) {
        var slow = keeper;
        if (slow == null || !slow.isFull()) {
            return;
        }
        waiting.add(scope);
        try {
            if (!scope.awaitUntil(() -> !slow.isFull(), System.nanoTime() + KEEPER_WAIT.toNanos(), true)) {
                slow.giveUp();
                waiting.forEach(Scope::signal);
            }
        } finally {
            waiting.remove(scope);
        }
    }

    private void dropFirst() {
        var slot = (int) (first % ring.length);
        ring[slot] = null;
        bytes -= sizes[slot];
        first++;
    }

    private void grow() {
        var length = ring.length * 2;
        var events = new @Nullable RunEvent[length];
        var newSizes = new int[length];
        for (var index = first; index < next; index++) {
            events[(int) (index % length)] = ring[(int) (index % ring.length)];
            newSizes[(int) (index % length)] = sizes[(int) (index % ring.length)];
        }
        ring = events;
        sizes = newSizes;
    }

    /**
     * The length of a run's text in the events after an index; the largest integer if some of these events were dropped.
     *
     * @param index the index of the last event that does not count
     */
    int charactersAfter(long index, String runId) {
        lock.lock();
        try {
            if (index + 1 < first) {
                return Integer.MAX_VALUE;
            }
            var characters = 0;
            for (var each = index + 1; each < next; each++) {
                if (ring[(int) (each % ring.length)] instanceof RunContent text
                        && text.runId().equals(runId)) {
                    characters += text.content().length();
                }
            }
            return characters;
        } finally {
            lock.unlock();
        }
    }

    /** Closes the log: no further events are appended. */
    public void close() {
        lock.lock();
        try {
            closed = true;
            appended.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Wakes all readers to re-check whether their run is ended or paused. */
    public void wakeReaders() {
        lock.lock();
        try {
            appended.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Does something once the calling thread has left the tree's lock. */
    void afterUnlock(Runnable action) {
        lock.afterUnlock(action);
    }

    /** The index of the oldest event. */
    public long first() {
        lock.lock();
        try {
            return first;
        } finally {
            lock.unlock();
        }
    }

    public long next() {
        lock.lock();
        try {
            return next;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Creates a reader that starts at the index {@code from}.
     *
     * @param onStall called when the reader has not read for too long; if not null, the reader is an owner, for which appending
     *     waits
     */
    public Reader reader(String runId, long from, @Nullable Runnable onStall) {
        var reader = new Reader(runId, from, onStall);
        if (onStall != null) {
            lock.lock();
            try {
                owners.add(reader);
            } finally {
                lock.unlock();
            }
        }
        return reader;
    }

    /** A subscriber's position in the log. Guarded by the tree's lock. */
    final class Reader {
        private final String runId;
        private final @Nullable Runnable onStall;
        private long next;
        private boolean closed;

        private Reader(String runId, long next, @Nullable Runnable onStall) {
            this.runId = runId;
            this.next = next;
            this.onStall = onStall;
        }

        /** Stops treating this reader as an owner. It may continue reading. */
        private void stalled() {
            owners.remove(this);
            waiting.forEach(Scope::signal);
            if (onStall != null) {
                onStall.run();
            }
        }

        /**
         * Waits for the next event.
         *
         * @param rests whether its run waits for people, so that none comes by itself
         * @param deadline when to stop waiting, in the time of {@link System#nanoTime}
         * @param limited whether there is a deadline
         * @return null when none came in time, or there will be none
         * @throws StreamExpiredException if it has been dropped
         * @throws InterruptedException if the reading thread is interrupted before there is one
         */
        @Nullable
        RunEvent take(BooleanSupplier rests, long deadline, boolean limited) throws InterruptedException {
            lock.lockInterruptibly();
            try {
                while (!closed) {
                    if (next < first) {
                        throw new StreamExpiredException(runId, next, first);
                    }
                    skipFree();
                    if (next < EventLog.this.next) {
                        var event = Objects.requireNonNull(ring[(int) (next % ring.length)]);
                        next++;
                        skipFree();
                        waiting.forEach(Scope::signal);
                        return event;
                    }
                    if (EventLog.this.closed || rests.getAsBoolean()) {
                        return null;
                    }
                    if (!limited) {
                        appended.await();
                        continue;
                    }
                    var remaining = deadline - System.nanoTime();
                    if (remaining <= 0 || (appended.awaitNanos(remaining) <= 0 && next == EventLog.this.next)) {
                        return null;
                    }
                }
                return null;
            } finally {
                lock.unlock();
            }
        }

        /** Moves to the next event if the index is one that stays free. */
        private void skipFree() {
            while (next >= first && next < EventLog.this.next && ring[(int) (next % ring.length)] == null) {
                next++;
            }
        }

        /** Whether there is no further event: this reader is closed, or has read all events and the run is ended or paused. */
        boolean isDone(BooleanSupplier rests) {
            lock.lock();
            try {
                skipFree();
                return closed || (next == EventLog.this.next && (EventLog.this.closed || rests.getAsBoolean()));
            } finally {
                lock.unlock();
            }
        }

        boolean isClosed() {
            lock.lock();
            try {
                return closed;
            } finally {
                lock.unlock();
            }
        }

        /** Closes this reader, from any thread. Appending no longer waits for it. */
        void close() {
            lock.lock();
            try {
                closed = true;
                owners.remove(this);
                waiting.forEach(Scope::signal);
                appended.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }
}
