package dev.rein.internal.storing;

import dev.rein.internal.PrintableExceptions;
import dev.rein.internal.stop.Threads;
import dev.rein.run.ComponentKind;
import dev.rein.run.RunStatus;
import dev.rein.run.event.RunEvent;
import dev.rein.session.RunQuery;
import dev.rein.session.Session;
import dev.rein.session.SessionStore;
import dev.rein.session.StateChange;
import dev.rein.session.StoredRun;
import dev.rein.text.PlainText;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
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
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes to one store, in order and on one platform thread, so that a slow store delays only callers that wait for it. Changes of
 * live runs are written in batches, a few times a second; the write of a run's end is repeated until it succeeds.
 */
public final class StoreWriter {
    /**
     * A session at the start of a run.
     *
     * @param session the session; empty when it is new
     * @param runs the latest of its runs, as many as were requested
     */
    public record Loaded(Optional<Session> session, List<StoredRun> runs) {}

    /**
     * The earlier runs of its session that a run needs.
     *
     * @param runs the number of runs, counted from the latest
     * @param cancelled whether cancelled runs are included; completed ones always are
     * @param follows the id of a run that is included in any case, with those before it; null for none
     * @param of the component whose runs they are, also below others; null for the root runs of the session
     */
    public record History(
            int runs,
            boolean cancelled,
            @Nullable String follows,
            @Nullable Of of) {
        public static final History NONE = new History(0, false, null);

        /** The history of a root run. */
        public History(int runs, boolean cancelled, @Nullable String follows) {
            this(runs, cancelled, follows, null);
        }

        /** The component that runs. */
        public record Of(ComponentKind kind, String id) {}

        /** The same for a run below another one, which has the earlier runs of its own component. */
        public History ofComponent(ComponentKind kind, String id) {
            return new History(runs, cancelled, null, new Of(kind, id));
        }

        /** The number of runs for a component without a history that follows up a run. */
        private static final int FOLLOWED = 50;

        private int most() {
            return runs == 0 && follows != null ? FOLLOWED : runs;
        }
    }

    private static final Logger log = LoggerFactory.getLogger(StoreWriter.class);
    private static final int MOST_WAITING = 10_000;

    /** The maximum number of ends in one batch. */
    private static final int MOST_TOGETHER = 100;

    /** The maximum number of live runs in one batch; the end of a run waits for a batch that is being written. */
    private static final int MOST_RUNS = 50;

    /** How long changes of live runs are held back to be written together. A killed process loses as much. */
    private static final Duration BATCH = Duration.ofMillis(200);

    /** The longest such delay, when there is so much to write that the store would do little else. */
    private static final Duration LONGEST_BATCH = Duration.ofSeconds(2);

    /** The inverse of the share of the store's time that changes of live runs may take. */
    private static final int PART = 5;

    /** How often a batch of changes gives way to pending ends. */
    private static final int MOST_WAYS = 20;

    private static final long LONGEST_BACKOFF_MILLIS = 5_000;

    /** How often the write of an end is tried that fails with an Error: one that a value causes would delay all others for ever. */
    private static final int MAX_ERRORS = 4;

    private static final WeakIdentityMap<SessionStore, StoreWriter> ALL = new WeakIdentityMap<>();

    private final ThreadPoolExecutor thread = new ThreadPoolExecutor(
            1, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(MOST_WAITING), Threads.daemon("rein-store"));

    /** The records with changes. Those that are due are used by the store's thread only. */
    private final Queue<RunRecord> changed = new ConcurrentLinkedQueue<>();

    private final Queue<RunRecord> due = new ArrayDeque<>();

    private final FirstRows starts = new FirstRows(thread);

    /** The pending ends, in their order. */
    private final Queue<Waiting> ends = new ConcurrentLinkedQueue<>();

    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final LogInterval rejections = new LogInterval(System::nanoTime);

    /** The failure of the last write; null if it succeeded. */
    private volatile @Nullable Exception lastFailure;

    /** The number of consecutive failed batches of changes. */
    private final AtomicInteger failures = new AtomicInteger();

    /**
     * How long it took to write all changes. Used by the store's thread only: the time so far, and how often batches have given
     * way to ends since the last one.
     */
    private volatile long tookNanos;

    private long tookSoFarNanos;
    private int gaveWay;

    private StoreWriter() {
        thread.allowCoreThreadTimeOut(true);
    }

    static StoreWriter of(SessionStore store) {
        return ALL.computeIfAbsent(store, StoreWriter::new);
    }

    @Nullable
    Exception lastFailure() {
        return lastFailure;
    }

    /** Performs an action after all earlier ones. */
    <T> CompletableFuture<T> submit(Supplier<T> work) {
        return CompletableFuture.supplyAsync(() -> PrintableExceptions.get(work), thread);
    }

    Future<Loaded> load(SessionStore store, String sessionId, History history) {
        return thread.submit(() -> PrintableExceptions.call(
                () -> new Loaded(store.session(sessionId), latest(store, sessionId, history))));
    }

    private static List<StoredRun> latest(SessionStore store, String sessionId, History history) {
        var statuses = history.cancelled()
                ? EnumSet.of(RunStatus.COMPLETED, RunStatus.CANCELLED, RunStatus.ERROR)
                : EnumSet.of(RunStatus.COMPLETED);
        var of = history.of();
        if (of != null) {
            var query = RunQuery.of(sessionId)
                    .children(true)
                    .component(of.kind(), of.id())
                    .statuses(statuses)
                    .newestFirst(true);
            return store.runs(query.page(1, history.most())).items().reversed();
        }
        var runs = history.most() == 0 ? List.<StoredRun>of() : store.latest(sessionId, statuses, history.most());
        var follows = history.follows();
        if (follows == null || runs.stream().anyMatch(run -> run.runId().equals(follows))) {
            return runs;
        }
        var followed = store.run(follows)
                .filter(run -> sessionId.equals(run.sessionId()) && run.parentRunId() == null)
                .filter(run -> run.status().isTerminal());
        return Stream.concat(followed.stream(), runs.stream())
                .sorted(Comparator.comparing(StoredRun::createdAt))
                .toList();
    }

    // ---- starts

    /** Writes the first row of a run; see {@link FirstRows#insert}. */
    CompletableFuture<Boolean> insert(SessionStore store, Supplier<@Nullable StoredRun> row, Consumer<Boolean> then) {
        return starts.insert(store, row, then);
    }

    // ---- changes of live runs

    /** Has the changes of a run written, at once or a little later. */
    void touched(RunRecord row, boolean now) {
        changed.add(row);
        if (now) {
            flushSoon(row);
        } else if (scheduled.compareAndSet(false, true)) {
            // Never cancelled.
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
            if (rejections.mayLog()) {
                log.warn(
                        "{} writes wait for the store already: changes of live runs are not stored for now; {} further ones"
                                + " were rejected since the last such line",
                        MOST_WAITING,
                        rejections.takeSkipped());
            }
        }
    }

    /** Writes all changes so far. */
    private void flush(SessionStore store) {
        for (var row = changed.poll(); row != null; row = changed.poll()) {
            due.add(row);
        }
        writeOn(store);
    }

    /** Writes one batch of what is due. Other pending actions, such as ends, have their turn before the next batch. */
    private void writeOn(SessionStore store) {
        if (due.isEmpty()) {
            // Another call has written the rest, and has recorded how long it took.
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
            // After a failure everything is tried again later, instead of batch after batch now.
            changed.addAll(due);
            due.clear();
            tookNanos = tookSoFarNanos;
            tookSoFarNanos = 0;
        }
    }

    /** @return false if the store failed */
    private boolean writeSome(SessionStore store) {
        var taken = new LinkedHashMap<RunRecord, List<RunEvent>>();
        var runs = new LinkedHashMap<RunRecord, StoredRun>();
        for (var row = due.poll(); row != null; row = runs.size() < MOST_RUNS ? due.poll() : null) {
            var events = taken.computeIfAbsent(row, _ -> new ArrayList<>());
            var run = row.take(events);
            if (run != null) {
                // Also if the map has the run already: this state is the later one.
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
        } catch (Exception | Error e) {
            notWritten(store, taken, e);
            return false;
        }
        return true;
    }

    /** Writes each run by itself, because the store can't hold one of them: the others, and its events, are stored all the same. */
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
            } catch (Exception | Error e) {
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
            log.warn(
                    "{} of run {} can't be stored",
                    runs.isEmpty() ? "events" : "the state",
                    runId,
                    PrintableExceptions.of(e));
        }
    }

    private void notWritten(SessionStore store, Map<RunRecord, List<RunEvent>> taken, Throwable why) {
        if (store.isClosed()) {
            log.warn("changes of {} live runs are not stored, because their store is closed", taken.size());
            log.debug("the store refused them", why);
            return;
        }
        failures.incrementAndGet();
        taken.forEach(RunRecord::putBack);
        var printable = PrintableExceptions.of(why);
        lastFailure = printable instanceof Exception exception ? exception : new IllegalStateException(printable);
        log.warn("changes of {} live runs could not be stored; trying again", taken.size(), printable);
    }

    // ---- the end

    /**
     * A pending end.
     *
     * @param inserting see {@link #finish}
     * @param events supplies the last events when the end is written
     * @param written completed when the end is written or lost
     */
    private record Waiting(
            StoredRun run,
            List<StateChange> changes,
            @Nullable Future<Boolean> inserting,
            Supplier<List<RunEvent>> events,
            CompletableFuture<SessionStore.Finished> written) {

        // An end is itself and nothing else: its values may be of classes of the user's.
        @Override
        @SuppressWarnings("ReferenceEquality")
        public boolean equals(@Nullable Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }

        /** Whether the end may be written before its turn. */
        boolean isReady() {
            return inserting == null || inserting.isDone();
        }

        /** Whether the first row has yet to be written, because its write has failed. */
        boolean isUnknown() {
            return inserting != null && inserting.state() != Future.State.SUCCESS;
        }

        SessionStore.End end() {
            if (inserting != null && inserting.state() == Future.State.SUCCESS && !inserting.resultNow()) {
                throw new IllegalStateException("a run with id \"" + run.runId() + "\" was stored already");
            }
            return new SessionStore.End(run, changes, events.get());
        }
    }

    /**
     * Writes the end of a run, again and again until it succeeds, unless the store can't hold it. Ends that are pending at the
     * same time are written together.
     *
     * @param inserting the pending write of the first row, which comes first; null if it is done. If the id turns out to be used
     *     by another run, nothing is written
     * @param events supplies the last events when the end is written
     * @return null if too many writes are pending: then the end is lost, which is logged
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

    /** Writes an end, unless it was written with an earlier one, together with those behind it that are ready. */
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
        var unknown = together.keySet().stream().anyMatch(Waiting::isUnknown);
        if (together.size() < 2 || unknown || !writtenTogether(store, together)) {
            together.forEach((end, what) ->
                    complete(end, () -> untilWritten(store, end.run.runId(), () -> write(store, end, what))));
        }
    }

    private static SessionStore.Finished write(SessionStore store, Waiting end, SessionStore.End what) {
        if (end.isUnknown()) {
            insertFirst(store, what.run());
        }
        return store.finish(what.run(), what.changes(), what.events());
    }

    /** Writes the first row of a run that has started without it. The write that failed may have succeeded all the same. */
    private static void insertFirst(SessionStore store, StoredRun end) {
        var first = end.toBuilder()
                .status(RunStatus.PENDING)
                .cause(null)
                .effectiveMode(null)
                .failure(null)
                .metrics(null)
                .endedAt(null)
                .build();
        if (!store.insert(first)
                && !store.run(end.runId())
                        .map(row -> row.createdAt().equals(end.createdAt()))
                        .orElse(false)) {
            throw new IllegalArgumentException("a run with id \"" + end.runId() + "\" was stored already");
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
            // Errors too: these ends are no longer in the queue, and would be lost.
            log.debug("{} ends of runs could not be written together; writing each by itself", together.size(), e);
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
        for (var errors = 0; ; ) {
            try {
                var written = PrintableExceptions.call(write);
                lastFailure = null;
                return written;
            } catch (IllegalArgumentException e) {
                // It would fail again, and all writes behind it would wait for ever.
                log.error("the end of run {} is lost: its store can't hold it: {}", runId, PlainText.message(e));
                throw e;
            } catch (Exception e) {
                lastFailure = e;
                if (store.isClosed()) {
                    log.error("the end of run {} is lost: its store was closed before", runId);
                    throw e;
                }
                log.warn("the end of run {} could not be stored; trying again in {} ms", runId, wait, e);
            } catch (Error e) {
                lastFailure = new IllegalStateException(e);
                if (++errors == MAX_ERRORS) {
                    log.error("the end of run {} is lost: its store failed {} times", runId, errors, e);
                    throw e;
                }
                log.warn("the end of run {} could not be stored; trying again in {} ms", runId, wait, e);
            }
            Thread.sleep(wait);
            wait = Math.min(wait * 2, LONGEST_BACKOFF_MILLIS);
        }
    }
}
