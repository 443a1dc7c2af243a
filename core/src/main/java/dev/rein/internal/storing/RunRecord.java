package dev.rein.internal.storing;

import dev.rein.cancel.CancelCause;
import dev.rein.cancel.CancelKind;
import dev.rein.cancel.CancelMode;
import dev.rein.cancel.CancelRequest;
import dev.rein.internal.stop.Durations;
import dev.rein.internal.stop.Timers;
import dev.rein.run.RunFailure;
import dev.rein.run.RunRejectedException;
import dev.rein.run.RunRejectedException.Reason;
import dev.rein.run.RunStatus;
import dev.rein.run.event.RunEvent;
import dev.rein.session.SessionStore;
import dev.rein.session.SharedStore;
import dev.rein.session.StateChange;
import dev.rein.session.StoredRun;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A run's row in its store: what of the run is still to be written, and whether that has been. The lists are guarded by the
 * tree's lock; the rest may be asked by anybody.
 */
public final class RunRecord {
    /** How many events wait for the store at most, of one tree. */
    static final int MOST_EVENTS = 10_000;

    /** So many are not held back any longer. */
    private static final int MANY_EVENTS = 1_000;

    private static final Logger log = LoggerFactory.getLogger(RunRecord.class);

    private final RecordedRun run;
    private final StoragePolicy storing;
    private final StoreWriter storage;
    private final List<RunEvent> events = new ArrayList<>(0);
    private final AtomicBoolean touched = new AtomicBoolean();
    private long lostEvents;
    private boolean over;
    private final @Nullable ProcessLease lease;
    private final Timers timers;
    private volatile @Nullable String owner;

    /** A new run has the first. */
    private volatile long epoch = 1;

    /** How many of the stored requests to cancel the run have been applied. */
    private int seenRequests;

    private enum Start {
        WAITING,
        STORED,
        REFUSED
    }

    /** Decides between a store that takes the first row late and a start that is refused because it does not. */
    private final AtomicReference<Start> start = new AtomicReference<>(Start.WAITING);

    /** How many calls are about to resume the run. Guarded by the tree's lock. */
    private int claims;

    private volatile @Nullable CompletableFuture<Boolean> firstWrite;

    private final AdoptedElsewhere adoptedElsewhere = new AdoptedElsewhere(this);
    private volatile boolean inserted;
    private volatile boolean givenAway;
    private volatile @Nullable Future<Boolean> inserting;

    public RunRecord(RecordedRun run, StoragePolicy storing, Timers timers, SharedStores stores) {
        this.run = run;
        this.storing = storing;
        this.storage = StoreWriter.of(storing.store());
        this.lease = stores.of(storing.store());
        this.timers = timers;
    }

    String runId() {
        return run.id();
    }

    @Nullable
    ProcessLease lease() {
        return lease;
    }

    Timers timers() {
        return timers;
    }

    public StoragePolicy storing() {
        return storing;
    }

    /** The process that it belongs to; null for none. */
    @Nullable
    public String owner() {
        return owner;
    }

    public long epoch() {
        return epoch;
    }

    /** Whether a row is this one, as far as this process may write it. */
    boolean isMine(Optional<StoredRun> row) {
        return row.isEmpty() || (!row.get().status().isTerminal() && row.get().epoch() == epoch);
    }

    /** Another process goes on with the run, or will: its end here is not its end. */
    public void givenAway() {
        givenAway = true;
    }

    public boolean isGivenAway() {
        return givenAway;
    }

    // ---- its start

    /**
     * Writes it for the first time.
     *
     * @param resumed the row of the run that it resumes; null for a new run
     */
    public CompletableFuture<Boolean> insert(@Nullable StoredRun resumed, Runnable then) {
        var first = run.snapshot(RunStatus.PENDING);
        var writing = storage.submit(() -> {
            if (start.get() == Start.REFUSED) {
                return false;
            }
            var isNew = resumed == null ? storing.store().insert(first.ownedBy(join(), epoch)) : adopt(resumed);
            if (isNew && start.compareAndSet(Start.WAITING, Start.STORED)) {
                inserted();
            } else if (isNew) {
                undo(first, resumed, "its store had not taken it in time");
            }
            return isNew;
        });
        firstWrite = writing;
        var _ = writing.whenComplete((_, _) -> then.run());
        return writing;
    }

    /**
     * Refuses the start, because the first row is not stored.
     *
     * @return false if it has been stored in this very moment; otherwise it never will be
     */
    public boolean refuse() {
        return start.compareAndSet(Start.WAITING, Start.REFUSED) || start.get() == Start.REFUSED;
    }

    /** Takes the start back, although the first row may be stored. */
    public void withdraw(@Nullable StoredRun resumed, Throwable why) {
        var first = run.snapshot(RunStatus.PENDING);
        if (refuse()) {
            undoUnanswered(first);
        } else {
            run.locked(() -> over = true);
            var _ = storage.submit(() -> {
                undo(first, resumed, String.valueOf(why.getMessage()));
                return true;
            });
        }
    }

    /** A write that has failed may have been done all the same. */
    private void undoUnanswered(StoredRun first) {
        var write = firstWrite;
        if (write == null
                || !write.isCompletedExceptionally()
                || write.exceptionNow() instanceof IllegalArgumentException) {
            return;
        }
        var _ = storage.submit(() -> storing.store()
                .run(first.runId())
                .filter(row -> row.status() == RunStatus.PENDING
                        && row.epoch() == epoch
                        && Objects.equals(row.owner(), owner)
                        && row.createdAt().equals(first.createdAt()))
                .map(row -> {
                    undo(first, null, "its store has failed to take it");
                    return true;
                }));
    }

    /** A run that was never started must not stay PENDING in its store for ever; a paused one waits on. */
    private void undo(StoredRun first, @Nullable StoredRun resumed, String why) {
        try {
            if (resumed == null) {
                var failure = new RunFailure("StartRefused", "its start was refused: " + why, null);
                storing.store()
                        .finish(
                                first.ownedBy(owner, epoch).ended(RunStatus.ERROR, null, null, failure, Instant.now()),
                                List.of());
            } else if (run.isRoot() && owner != null && storing.store() instanceof SharedStore shared) {
                shared.update(resumed.ownedBy(owner, epoch));
                shared.release(owner, List.of(resumed.runId()));
            }
        } catch (RuntimeException e) {
            log.warn("run {}, whose start was refused, could not be ended in its store", run.id(), e);
        }
    }

    /** What the store has answered last, if that was a failure. */
    public @Nullable Exception lastFailure() {
        return storage.lastFailure();
    }

    /** @return the process as which this one has runs; null when the store is its own */
    private @Nullable String join() {
        if (lease != null && storing.store() instanceof SharedStore shared) {
            owner = lease.owner(shared);
        }
        return owner;
    }

    /** Takes over a run that another process has left. */
    private boolean adopt(StoredRun left) {
        var mine = join();
        if (mine == null || !(storing.store() instanceof SharedStore shared)) {
            throw new IllegalStateException("run " + left.runId() + " is not in a store that processes share");
        }
        // Whoever takes the run at the top takes all below it.
        var adopted = run.isRoot()
                ? shared.adopt(left.runId(), left.epoch(), mine).or(() -> adoptBuried(shared, left, mine))
                : shared.run(left.runId()).filter(row -> isLeft(row, mine));
        adopted.ifPresent(row -> epoch = row.epoch());
        return adopted.isPresent();
    }

    /** The same for one whose process was found dead in this very moment: it has another epoch, and waits as before. */
    private static Optional<StoredRun> adoptBuried(SharedStore shared, StoredRun left, String owner) {
        return shared.run(left.runId())
                .filter(row -> row.owner() == null && Objects.equals(row.pause(), left.pause()))
                .flatMap(row -> shared.adopt(row.runId(), row.epoch(), owner));
    }

    private static boolean isLeft(StoredRun row, String owner) {
        return row.status() == RunStatus.PAUSED && owner.equals(row.owner());
    }

    /** Ends what another process has left below the run, and this one has not come to again. */
    public void endLeft(List<StoredRun> left, CancelCause why) {
        var mine = owner;
        for (var each : left) {
            if (mine != null) {
                var _ = storage.submit(() -> storing.store()
                                .run(each.runId())
                                .filter(row -> isLeft(row, mine))
                                .map(row -> row.ended(RunStatus.CANCELLED, why, CancelMode.NOW, null, Instant.now()))
                                .map(row -> storing.store().finish(row, List.of())))
                        .whenComplete((_, failure) -> {
                            if (failure != null) {
                                log.warn("run {} stays paused in its store", each.runId(), failure);
                            }
                        });
            }
        }
    }

    /**
     * Claims the row before a call may resume the run, which no other process can adopt until {@link #unclaim}.
     *
     * @throws RunRejectedException if another process has ended the run, or has adopted it, or the store does not answer
     */
    public void claim() {
        run.locked(() -> ++claims);
        try {
            // Of a run that is not paused no row can say so: one that is being written does not while this lasts.
            if (run.isPaused()) {
                claimRow();
            }
        } catch (RuntimeException e) {
            unclaim();
            throw e;
        }
    }

    /** The call has resumed the run, or not. */
    public void unclaim() {
        run.locked(() -> --claims);
        if (run.isPaused()) {
            touchNow();
        }
    }

    private void claimRow() {
        var mine = owner;
        if (mine == null || !(storing.store() instanceof SharedStore shared)) {
            return;
        }
        try {
            var isMine = StoreCalls.await(
                    storage.submit(
                            () -> shared.adopt(run.id(), epoch, mine).isPresent() || isMine(shared.run(run.id()))),
                    SharedStores.ANSWER_WAIT);
            // Another call of this process may have let it go on, even to its end: then that is what the caller is
            // told.
            if (!isMine && run.isPaused()) {
                throw new RunRejectedException(
                        Reason.NOT_ASKED, "another process has ended run " + run.id() + ", or goes on with it");
            }
        } catch (IllegalStateException e) {
            if (!storing.optional()) {
                throw new RunRejectedException(
                        Reason.STORE_UNAVAILABLE,
                        "run " + run.id() + " can't go on: its store could not tell whether it may: " + e.getMessage(),
                        e);
            }
        }
    }

    /** The run starts before it is written. */
    public void startsBefore(Future<Boolean> first) {
        inserting = first;
    }

    /** It is there: from here on it follows its run. */
    private void inserted() {
        inserted = true;
        if (lease != null && !lease.isMine(owner)) {
            run.cancelHere(CancelRequest.now().kind(CancelKind.LEASE_LOST));
        }
        touched.set(false);
        if (run.status() != RunStatus.PENDING) {
            touch();
        }
    }

    // ---- what happens meanwhile

    /** Something of the run has changed, and is written a little later. */
    public void touch() {
        if (!touched.get() && touched.compareAndSet(false, true) && inserted) {
            storage.touched(this, false);
        }
    }

    /** The same, and others wait for it. */
    public void touchNow() {
        touched.set(true);
        if (inserted) {
            storage.touched(this, true);
        }
    }

    /** An event of the run's tree, which is its own. Called under the tree's lock. */
    public void event(RunEvent event) {
        if (over || !storing.events().stores(event)) {
            return;
        }
        if (events.size() >= MOST_EVENTS) {
            if (lostEvents++ == 0) {
                log.error(
                        "events of run {} from {} on are lost: {} wait for the store already",
                        run.id(),
                        event.index(),
                        MOST_EVENTS);
            }
            return;
        }
        events.add(event);
        if (events.size() == MANY_EVENTS) {
            touchNow();
        } else {
            touch();
        }
    }

    /** Takes what is to be written of a run that has not ended. */
    @Nullable
    StoredRun take(List<RunEvent> into) {
        if (run.isPaused()) {
            // Only then the session state is part of it.
            run.refresh();
        }
        return run.locked(() -> {
            touched.set(false);
            if (over) {
                return null;
            }
            into.addAll(events);
            events.clear();
            var status = run.status();
            return run.snapshot(status == RunStatus.PAUSED && claims > 0 ? RunStatus.RUNNING : status);
        });
    }

    /** It could not be written: it is tried again. */
    void putBack(List<RunEvent> taken) {
        run.locked(() -> {
            if (!over) {
                events.addAll(0, taken);
                touch();
            }
            return over;
        });
    }

    // ---- requests of other processes

    /**
     * Returns those of the stored requests to cancel the run that were not returned before. For the lease's thread alone.
     *
     * @param requests all that are stored, in their order
     */
    List<CancelRequest> newRequests(List<CancelRequest> requests) {
        var added = requests.subList(Math.min(seenRequests, requests.size()), requests.size());
        seenRequests = Math.max(seenRequests, requests.size());
        return added;
    }

    /** Passes requests to cancel the run, which was paused here, on to the process that has adopted it since; null if not shared. */
    public @Nullable AdoptedElsewhere adoptedElsewhere() {
        return lease == null || owner == null ? null : adoptedElsewhere;
    }

    // ---- its end

    /**
     * Writes the end, behind all that was to be written before, and waits for it as long as the policy says.
     *
     * @param last the last event, if it is stored
     * @return null if it is not written yet, or is lost
     */
    public SessionStore.@Nullable Finished finish(StoredRun end, List<StateChange> changes, @Nullable RunEvent last) {
        var write = storage.finish(
                storing.store(),
                end,
                changes,
                inserting,
                () -> run.locked(() -> {
                    over = true;
                    var rest = new ArrayList<>(events);
                    events.clear();
                    if (last != null && storing.events().stores(last)) {
                        rest.add(last);
                    }
                    return rest;
                }));
        return write == null ? null : await(write);
    }

    private SessionStore.@Nullable Finished await(Future<SessionStore.Finished> write) {
        try {
            return write.get(Durations.nanos(storing.endWait()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            log.warn("the end of run {} is not stored yet; its write stays queued", run.id());
            return null;
        } catch (ExecutionException | InterruptedException e) {
            log.error("the end of run {} could not be stored", run.id(), e);
            return null;
        }
    }
}
