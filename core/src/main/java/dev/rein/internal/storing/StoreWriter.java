package dev.rein.internal.storing;

import dev.rein.internal.stop.Threads;
import dev.rein.run.RunStatus;
import dev.rein.run.event.RunEvent;
import dev.rein.session.Session;
import dev.rein.session.SessionStore;
import dev.rein.session.StateChange;
import dev.rein.session.StoredRun;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.WeakHashMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to one store: everything in order, on one platform thread, so that a slow store holds up nobody who does not want
 * to wait for it. What runs are doing is written together, a few times a second; the end of a run is written again until it is
 * taken.
 */
public final class StoreWriter {
    /**
     * A session as it was when a run began.
     *
     * @param session the session; empty when it is new
     * @param runs the latest of its runs, as many as were asked for
     */
    public record Loaded(Optional<Session> session, List<StoredRun> runs) {}

    /**
     * Which earlier runs of its session a run needs.
     *
     * @param runs how many, the latest
     * @param cancelled whether cancelled ones are among them; completed ones are
     */
    public record History(int runs, boolean cancelled) {}

    private static final Logger log = LoggerFactory.getLogger(StoreWriter.class);
    private static final int MOST_WAITING = 10_000;

    /** So many ends are written at one go. */
    private static final int MOST_TOGETHER = 100;

    /** So many runs are written at one go: whoever ends meanwhile waits for it. */
    private static final int MOST_RUNS = 50;

    /** How long what runs are doing is held back, to be written together: what is lost when the process is killed. */
    private static final Duration BATCH = Duration.ofMillis(200);

    /** The same when there is so much to write that the store would do little else. */
    private static final Duration LONGEST_BATCH = Duration.ofSeconds(2);

    /** What part of the store's time may go into what runs are doing. */
    private static final int PART = 5;

    /** How often what runs are doing lets ends that wait go first. */
    private static final int MOST_WAYS = 20;

    private static final long LONGEST_BACKOFF_MILLIS = 5_000;

    private static final Map<SessionStore, StoreWriter> ALL = new WeakHashMap<>();

    private final ThreadPoolExecutor thread = new ThreadPoolExecutor(
            1, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(MOST_WAITING), Threads.daemon("rein-store"));

    /** The rows to be written; those whose turn has come are the store's thread's alone. */
    private final Queue<RunRecord> changed = new ConcurrentLinkedQueue<>();

    private final Queue<RunRecord> due = new ArrayDeque<>();

    /** The ends to be written, in their order. */
    private final Queue<Waiting> ends = new ConcurrentLinkedQueue<>();

    private final AtomicBoolean scheduled = new AtomicBoolean();

    /** What the last write has failed with; null when it has not. */
    private volatile @Nullable Exception lastFailure;

    /** How often it has failed in a row to write what runs are doing. */
    private final AtomicInteger failures = new AtomicInteger();

    /**
     * How long it took to write all that had changed. On the store's thread alone: what of it is written so far, and how often
     * that has given way to ends since it was last written.
     */
    private volatile long tookNanos;

    private long tookSoFarNanos;
    private int gaveWay;

    private StoreWriter() {
        thread.allowCoreThreadTimeOut(true);
    }

    static StoreWriter of(SessionStore store) {
        synchronized (ALL) {
            return ALL.computeIfAbsent(store, _ -> new StoreWriter());
        }
    }

    @Nullable
    Exception lastFailure() {
        return lastFailure;
    }

    /** Does something when all before it is done. */
    <T> CompletableFuture<T> submit(Supplier<T> work) {
        return CompletableFuture.supplyAsync(work, thread);
    }

    Future<Loaded> load(SessionStore store, String sessionId, History history) {
        return thread.submit(() -> new Loaded(store.session(sessionId), latest(store, sessionId, history)));
    }

    private static List<StoredRun> latest(SessionStore store, String sessionId, History history) {
        var statuses = history.cancelled()
                ? EnumSet.of(RunStatus.COMPLETED, RunStatus.CANCELLED)
                : EnumSet.of(RunStatus.COMPLETED);
        return history.runs() == 0 ? List.of() : store.latest(sessionId, statuses, history.runs());
    }

    // ---- what happens meanwhile

    /** Writes, at once or a little later, what has changed in a run. */
    void touched(RunRecord row, boolean now) {
        changed.add(row);
        if (now) {
            flushSoon(row);
        } else if (scheduled.compareAndSet(false, true)) {
            // Never called off.
            var _ = row.timers().after(delay(), () -> {
                scheduled.set(false);
                flushSoon(row);
            });
        }
    }

    private Duration delay() {
        var delay = Math.clamp(PART * tookNanos, BATCH.toNanos(), LONGEST_BATCH.toNanos());
        return Duration.ofNanos(delay).multipliedBy(1L << Math.min(failures.get(), 4));
    }

    private void flushSoon(RunRecord row) {
        var store = row.storing().store();
        soon(() -> flush(store));
    }

    private void soon(Runnable write) {
        try {
            thread.execute(write);
        } catch (RejectedExecutionException e) {
            log.warn("{} writes wait for the store already: what runs are doing is not stored now", MOST_WAITING);
        }
    }

    /** Writes all that has changed until now. */
    private void flush(SessionStore store) {
        for (var row = changed.poll(); row != null; row = changed.poll()) {
            due.add(row);
        }
        writeOn(store);
    }

    /** Writes some of what is due. What waits, such as ends, has its turn before the rest. */
    private void writeOn(SessionStore store) {
        if (due.isEmpty()) {
            // Another look has written the rest, and knows how long it took.
            return;
        }
        if (!ends.isEmpty() && gaveWay < MOST_WAYS) {
            gaveWay++;
            soon(() -> writeOn(store));
            return;
        }
        gaveWay = 0;
        var startedAt = System.nanoTime();
        var written = writeSome(store);
        tookSoFarNanos += System.nanoTime() - startedAt;
        if (written && !due.isEmpty()) {
            soon(() -> writeOn(store));
        } else {
            // After a failure all is tried again later, not one after the other now.
            changed.addAll(due);
            due.clear();
            tookNanos = tookSoFarNanos;
            tookSoFarNanos = 0;
        }
    }

    /** @return false if the store did not take it */
    private boolean writeSome(SessionStore store) {
        var taken = new LinkedHashMap<RunRecord, List<RunEvent>>();
        var runs = new LinkedHashMap<RunRecord, StoredRun>();
        for (var row = due.poll(); row != null; row = runs.size() < MOST_RUNS ? due.poll() : null) {
            var events = taken.computeIfAbsent(row, _ -> new ArrayList<>());
            var run = row.take(events);
            if (run != null) {
                // Also when it was there already: then it has gone on between the two.
                runs.put(row, run);
            }
        }
        if (runs.isEmpty()) {
            return true;
        }
        try {
            store.save(
                    List.copyOf(runs.values()),
                    taken.values().stream().flatMap(List::stream).toList());
            failures.set(0);
            lastFailure = null;
        } catch (IllegalArgumentException e) {
            return writeEach(store, taken, runs);
        } catch (Exception e) {
            notWritten(store, taken, e);
            return false;
        }
        return true;
    }

    /** One of several runs has something that the store can't hold: the others, and its events, are stored all the same. */
    private boolean writeEach(
            SessionStore store, Map<RunRecord, List<RunEvent>> taken, Map<RunRecord, StoredRun> runs) {
        var left = new LinkedHashMap<>(taken);
        for (var each : taken.entrySet()) {
            var run = runs.get(each.getKey());
            try {
                if (run != null) {
                    writeIfPossible(store, run.runId(), List.of(), each.getValue());
                    writeIfPossible(store, run.runId(), List.of(run), List.of());
                }
                left.remove(each.getKey());
            } catch (Exception e) {
                notWritten(store, left, e);
                return false;
            }
        }
        return true;
    }

    private static void writeIfPossible(SessionStore store, String runId, List<StoredRun> runs, List<RunEvent> events) {
        try {
            store.save(runs, events);
        } catch (IllegalArgumentException e) {
            log.warn("{} of run {} can't be stored", runs.isEmpty() ? "events" : "the state", runId, e);
        }
    }

    private void notWritten(SessionStore store, Map<RunRecord, List<RunEvent>> taken, Exception why) {
        if (store.isClosed()) {
            log.warn("{} runs are not stored any more: their store was closed under them", taken.size(), why);
            return;
        }
        failures.incrementAndGet();
        lastFailure = why;
        log.warn("what {} runs are doing could not be stored; trying again", taken.size(), why);
        taken.forEach(RunRecord::putBack);
    }

    // ---- the end

    /**
     * An end that is to be written.
     *
     * @param inserting see {@link #finish}
     * @param events gives the last events, when their turn has come
     * @param written what became of it
     */
    private record Waiting(
            StoredRun run,
            List<StateChange> changes,
            @Nullable Future<Boolean> inserting,
            Supplier<List<RunEvent>> events,
            CompletableFuture<SessionStore.Finished> written) {

        /** Whether it may be written before its turn. */
        boolean isReady() {
            return inserting == null || inserting.isDone();
        }

        SessionStore.End end() {
            if (inserting != null && inserting.state() == Future.State.SUCCESS && !inserting.resultNow()) {
                throw new IllegalStateException("a run with id \"" + run.runId() + "\" was stored already");
            }
            return new SessionStore.End(run, changes, events.get());
        }
    }

    /**
     * Writes the end of a run, as often as it takes, unless the store can't hold it. Those that end together are written
     * together.
     *
     * @param inserting the write of its first row, which this comes behind; null if that is done. If the row turns out to be
     *     another run's, nothing is written
     * @param events gives the last events, when their turn has come
     * @return null if too much waits already: it is lost, and reported
     */
    @Nullable
    Future<SessionStore.Finished> finish(
            SessionStore store,
            StoredRun run,
            List<StateChange> changes,
            @Nullable Future<Boolean> inserting,
            Supplier<List<RunEvent>> events) {
        var end = new Waiting(run, changes, inserting, events, new CompletableFuture<>());
        ends.add(end);
        PendingWrites.began(end.written);
        try {
            thread.execute(() -> writeEnds(store, end));
            return end.written;
        } catch (RejectedExecutionException e) {
            ends.remove(end);
            end.written.completeExceptionally(e);
            log.error("the end of run {} is lost: {} writes wait for the store already", run.runId(), MOST_WAITING);
            return null;
        }
    }

    /** Writes the end whose turn it is, unless that was done with another, and those behind it that can come along. */
    private void writeEnds(SessionStore store, Waiting first) {
        if (!ends.remove(first)) {
            return;
        }
        var together = new LinkedHashMap<Waiting, SessionStore.End>();
        prepare(first, together);
        for (var others = ends.iterator(); others.hasNext() && together.size() < MOST_TOGETHER; ) {
            var other = others.next();
            if (other.isReady()) {
                others.remove();
                prepare(other, together);
            }
        }
        if (together.size() < 2 || !writtenTogether(store, together)) {
            together.forEach((end, what) -> complete(
                    end,
                    () -> untilWritten(
                            store, end.run.runId(), () -> store.finish(what.run(), what.changes(), what.events()))));
        }
    }

    private static void prepare(Waiting end, Map<Waiting, SessionStore.End> together) {
        try {
            together.put(end, end.end());
        } catch (RuntimeException | Error e) {
            end.written.completeExceptionally(e);
        }
    }

    private static boolean writtenTogether(SessionStore store, Map<Waiting, SessionStore.End> together) {
        List<SessionStore.Finished> finished;
        try {
            finished = store.finish(List.copyOf(together.values()));
            if (finished.size() != together.size()) {
                throw new IllegalStateException(
                        "the store was given " + together.size() + " ends and answered " + finished.size());
            }
        } catch (Exception | Error e) {
            // Also what is no exception: these ends are not in the queue any more, and would be lost.
            log.debug("{} ends of runs could not be written together; each is tried by itself", together.size(), e);
            return false;
        }
        var each = finished.iterator();
        together.keySet().forEach(end -> end.written.complete(each.next()));
        return true;
    }

    private static void complete(Waiting end, Callable<SessionStore.Finished> write) {
        try {
            end.written.complete(write.call());
        } catch (Exception | Error e) {
            end.written.completeExceptionally(e);
        }
    }

    private <T> T untilWritten(SessionStore store, String runId, Callable<T> write) throws Exception {
        var wait = 50L;
        while (true) {
            try {
                var written = write.call();
                lastFailure = null;
                return written;
            } catch (IllegalArgumentException e) {
                // It would fail again, and everything behind it would wait for ever.
                log.error("the end of run {} is lost: its store can't hold it: {}", runId, e.getMessage());
                throw e;
            } catch (Exception e) {
                lastFailure = e;
                if (store.isClosed()) {
                    log.error("the end of run {} is lost: its store was closed before", runId);
                    throw e;
                }
                log.warn("the end of run {} could not be stored; trying again in {} ms", runId, wait, e);
                Thread.sleep(wait);
                wait = Math.min(wait * 2, LONGEST_BACKOFF_MILLIS);
            }
        }
    }
}
