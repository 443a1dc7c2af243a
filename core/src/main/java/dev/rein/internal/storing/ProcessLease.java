package dev.rein.internal.storing;

import dev.rein.cancel.CancelKind;
import dev.rein.cancel.CancelRequest;
import dev.rein.internal.Ids;
import dev.rein.internal.stop.Stop;
import dev.rein.internal.stop.Threads;
import dev.rein.queue.RunQueue;
import dev.rein.run.RunStatus;
import dev.rein.session.SharedStore;
import dev.rein.session.SharedStore.CancelRequests;
import dev.rein.session.SharedStore.Updates;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This process among those that share a store: it renews its lease, applies the requests to cancel its runs that others have
 * stored, and ends the runs of processes that have died. All on one thread of its own, every half second and when the store
 * notifies it.
 *
 * <pre>
 *   NO LEASE --first run: register--> OWNER --renew, renew, ..--> OWNER
 *                                   |
 *                                   | it slept too long, or others noticed that its lease had expired
 *                                   v
 *                  its runs end as LEASE_LOST; NO LEASE, and another id for the next run
 * </pre>
 */
public final class ProcessLease {
    /** How long a request to cancel a run waits if the notification of it is lost. */
    private static final Duration POLL_INTERVAL = Duration.ofMillis(500);

    private static final Logger log = LoggerFactory.getLogger(ProcessLease.class);

    private final ProcessRuns runs;
    private final WeakReference<SharedStore> store;
    private final Duration lease;
    private final ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(1, Threads.daemon("rein-lease"));
    private final StoreCalls calls = new StoreCalls();
    private final SessionTurns turns = new SessionTurns(this);
    private final EventPublisher publisher;
    private final AtomicBoolean warnedOfTurns = new AtomicBoolean();
    private volatile @Nullable String owner;
    private volatile long renewedNanos;

    /** When the store last answered: a process that could not reach it gives the others a moment to renew their leases. */
    private long answeredNanos;

    private volatile long polledNanos = System.nanoTime();
    private @Nullable AutoCloseable listening;
    private @Nullable AutoCloseable closing;

    /** Taken before the locks of trees, and never within one. */
    private final Object releasing = new Object();

    /** The release of the paused runs happens once: whoever asks later waits for the same. Guarded by {@link #releasing}. */
    private Optional<PausedRelease.OfStore> released = Optional.empty();

    /** What is done when the queue of the store may have something to claim. */
    private volatile Runnable onQueueNews = () -> {};

    private boolean failing;

    ProcessLease(ProcessRuns runs, SharedStore store, Duration lease) {
        this.runs = runs;
        this.store = new WeakReference<>(store);
        this.lease = lease;
        this.publisher = new EventPublisher(this, runs);
        this.answeredNanos = System.nanoTime() - 2 * lease.toNanos();
        var every = Math.min(POLL_INTERVAL.toNanos(), lease.toNanos() / 4);
        // It ends with the thread; poll() catches its own failures.
        var _ = thread.scheduleWithFixedDelay(this::poll, every / 2, every, TimeUnit.NANOSECONDS);
    }

    /** The store; null when it is closed or no longer used. */
    @Nullable
    SharedStore store() {
        var shared = store.get();
        return shared == null || shared.isClosed() ? null : shared;
    }

    /** The id under which this process owns runs. Registers the process if it has no lease. */
    synchronized String owner(SharedStore shared) {
        var mine = owner;
        if (mine == null) {
            mine = Ids.ofRun();
            var before = System.nanoTime();
            shared.register(mine);
            renewedNanos = before;
            polledNanos = before;
            owner = mine;
            listen(shared);
            closing = shared.beforeClose(() -> runs.storeCloses(this));
        }
        return mine;
    }

    /** The id under which this process owns runs; null if it has none. */
    @Nullable
    String owner() {
        return owner;
    }

    boolean isMine(@Nullable String id) {
        return id != null && id.equals(owner);
    }

    private void listen(SharedStore shared) {
        if (listening == null) {
            listening = shared.listen(id -> {
                if (RunQueue.NEWS.equals(id)) {
                    onQueueNews.run();
                } else if (isMine(id)) {
                    turns.wake();
                    pollSoon();
                }
            });
        }
    }

    /** The runs that wait for their session's turn. */
    SessionTurns turns() {
        return turns;
    }

    /** Whether the store gives runs the turn of their session; warns once if it does not. */
    boolean keepsTurns(SharedStore shared) {
        if (shared.keepsTurns()) {
            return true;
        }
        if (warnedOfTurns.compareAndSet(false, true)) {
            log.warn(
                    "{} does not keep the turns of sessions: SessionPolicy QUEUE and REJECT hold within each process only",
                    shared.getClass().getName());
        }
        return false;
    }

    void onQueueNews(Runnable action) {
        onQueueNews = action;
    }

    void pollSoon() {
        try {
            thread.execute(this::poll);
        } catch (RejectedExecutionException e) {
            // The store is closed.
        }
    }

    // ---- every half second

    private void poll() {
        var shared = store();
        if (shared == null) {
            stop();
            return;
        }
        var now = System.nanoTime();
        var mine = owner;
        try {
            if (mine != null && now - polledNanos > lease.toNanos()) {
                lost(shared, mine, "it did not renew its lease for " + (now - polledNanos) / 1_000_000 + " ms");
                mine = null;
            }
            if (mine != null && now - renewedNanos > lease.toNanos() / 3) {
                if (shared.renew(mine)) {
                    renewedNanos = now;
                } else {
                    lost(shared, mine, "its lease had expired");
                    mine = null;
                }
            }
            handle(shared, mine, shared.poll(mine), now - answeredNanos < lease.toNanos());
            if (mine != null) {
                publisher.follow(shared.followed(mine));
            }
            answeredNanos = now;
            failing = false;
        } catch (Exception e) {
            if (!failing && store() != null) {
                failing = true;
                log.warn("the store does not answer; trying again every half second", e);
            }
        } finally {
            // Time that was spent waiting for the store does not count as sleep.
            polledNanos = System.nanoTime();
        }
    }

    private void handle(SharedStore shared, @Nullable String mine, Updates updates, boolean endsDead) {
        for (var requests : updates.cancelRequests()) {
            cancel(shared, mine, requests);
        }
        for (var lost : updates.lostRuns()) {
            var run = runs.live(lost.runId());
            var row = run == null ? null : run.record();
            if (run != null && row != null && !row.isMine(shared.run(lost.runId()))) {
                run.cancelHere(leaseLost("another process has ended or adopted it"));
            }
        }
        if (mine != null
                && !(updates.cancelRequests().isEmpty() && updates.lostRuns().isEmpty())) {
            shared.acknowledge(mine, updates);
        }
        if (endsDead) {
            for (var dead : updates.deadOwners()) {
                var ended = shared.endRunsOf(dead);
                if (!ended.isEmpty()) {
                    log.warn("process {} has died: {} of its runs were ended", dead, ended.size());
                    runs.endedForTheDead(ended);
                }
            }
        }
    }

    private void cancel(SharedStore shared, @Nullable String mine, CancelRequests requests) {
        var run = runs.live(requests.runId());
        if (run != null) {
            var row = run.record();
            var all = requests.requests();
            (row == null ? all : row.newRequests(all)).forEach(run::cancelHere);
        } else if (mine != null) {
            // Behind pending writes, as the end of the run is usually one of them.
            var _ = StoreWriter.of(shared)
                    .submit(() -> endUnknown(shared, mine, requests))
                    .exceptionally(e -> {
                        log.warn("run {} is not live here, and could not be ended in its store", requests.runId(), e);
                        return false;
                    });
        }
    }

    /** Ends the row of a run that this process owns but does not run: no other process would. */
    private boolean endUnknown(SharedStore shared, String mine, CancelRequests requests) {
        var request = requests.requests().getFirst();
        return shared.run(requests.runId())
                .filter(row -> mine.equals(row.owner()) && !row.status().isTerminal() && runs.live(row.runId()) == null)
                .map(row -> row.ended(
                        RunStatus.CANCELLED, Stop.of(request, row.status()).cause, request.mode(), null, Instant.now()))
                .map(row -> shared.finish(row, List.of()))
                .isPresent();
    }

    private static CancelRequest leaseLost(String reason) {
        return CancelRequest.now().kind(CancelKind.LEASE_LOST).reason(reason);
    }

    // ---- the end of a lease

    /** Ends the runs of this process, which others may have ended in the store. */
    private void lost(SharedStore shared, String mine, String why) {
        log.error("this process no longer owns its runs in the store: {}", why);
        synchronized (this) {
            owner = null;
        }
        try {
            shared.release(mine, resumable(mine));
        } finally {
            cancelOf(mine, leaseLost("this process lost it: " + why));
        }
    }

    /** Cancels all runs of an owner, including child runs. */
    private void cancelOf(String owner, CancelRequest request) {
        for (var run : runs.liveRuns()) {
            if (isOf(run, owner)) {
                run.cancelHere(request);
            }
        }
    }

    private static boolean isOf(RecordedRun run, String owner) {
        var row = run.record();
        return row != null && owner.equals(row.owner());
    }

    private List<String> resumable(String mine) {
        return runs.liveRuns().stream()
                .filter(run -> isOf(run, mine) && run.isResumable())
                .map(RecordedRun::id)
                .toList();
    }

    /** Whether the process owns a run through this lease. */
    public boolean owns(RecordedRun run) {
        var mine = owner;
        return mine != null && isOf(run, mine);
    }

    /** Waits until what was to be written until now is written. */
    public void awaitWrites(Duration atMost) {
        var shared = store();
        if (shared != null) {
            try {
                StoreCalls.await(StoreWriter.of(shared).submit(() -> true), atMost);
            } catch (IllegalStateException | RejectedExecutionException e) {
                log.debug("not all pending writes are done", e);
            }
        }
    }

    /** Begins to release the paused runs, behind their pending writes; empty if there are none. */
    Optional<PausedRelease.OfStore> release() {
        synchronized (releasing) {
            if (released.isEmpty()) {
                released = newRelease();
            }
            return released;
        }
    }

    /** The same, to be waited for. */
    public PausedRelease releasePaused() {
        return new PausedRelease(release().stream().toList());
    }

    private Optional<PausedRelease.OfStore> newRelease() {
        var shared = store();
        var mine = owner;
        if (shared == null || mine == null) {
            return Optional.empty();
        }
        var paused = runs.liveRuns().stream()
                .filter(run -> isOf(run, mine) && run.isResumable())
                .toList();
        if (paused.isEmpty()) {
            return Optional.empty();
        }
        var ids = paused.stream().map(RecordedRun::id).toList();
        return Optional.of(new PausedRelease.OfStore(
                List.copyOf(paused), StoreWriter.of(shared).submit(() -> shared.release(mine, ids))));
    }

    /** Ends the lease. All runs of this process have ended. */
    public void deregister(Duration atMost) {
        var mine = owner;
        if (store() != null && mine != null) {
            try {
                calls.call(
                        () -> {
                            var shared = store();
                            if (shared != null) {
                                shared.deregister(mine);
                            }
                            stopListening();
                            return true;
                        },
                        atMost);
            } catch (IllegalStateException e) {
                log.debug("the lease stays until it expires", e);
            }
        }
        thread.shutdown();
        turns.close();
        publisher.close();
    }

    private void stop() {
        thread.shutdown();
        turns.close();
        publisher.close();
        stopListening();
    }

    private synchronized void stopListening() {
        close(listening);
        listening = null;
        close(closing);
        closing = null;
    }

    private static void close(@Nullable AutoCloseable registration) {
        if (registration != null) {
            try {
                registration.close();
            } catch (Exception e) {
                log.debug("a registration with the store did not close", e);
            }
        }
    }

    // ---- bounded calls

    /**
     * Calls the store and waits for a bounded time.
     *
     * @throws IllegalStateException if it does not answer
     */
    <T> T call(Function<SharedStore, T> query) {
        return call(query, SharedStores.ANSWER_WAIT);
    }

    <T> T call(Function<SharedStore, T> query, Duration atMost) {
        return calls.call(
                () -> {
                    var shared = store();
                    if (shared == null) {
                        throw new IllegalStateException("the store is closed");
                    }
                    return query.apply(shared);
                },
                atMost);
    }
}
