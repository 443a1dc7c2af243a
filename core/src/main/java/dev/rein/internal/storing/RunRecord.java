package dev.rein.internal.storing;

import dev.rein.cancel.CancelCause;
import dev.rein.cancel.CancelKind;
import dev.rein.cancel.CancelMode;
import dev.rein.cancel.CancelRequest;
import dev.rein.internal.stop.Durations;
import dev.rein.internal.stop.Timers;
import dev.rein.queue.RunQueue;
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
 * A run's row in its store, and the changes and events of the run that are not written yet. The lists are guarded by the tree's
 * lock; everything else is thread-safe.
 */
public final class RunRecord implements EventKeeper {
    /** The maximum number of events of a tree that are not written yet. */
    static final int MAX_EVENTS = 10_000;

    /** As many events are written at once instead of a little later. */
    private static final int FLUSH_EVENTS = 1_000;

    private static final Logger log = LoggerFactory.getLogger(RunRecord.class);

    private final RecordedRun run;
    private final StoragePolicy storing;
    private final StoreWriter storage;
    private final List<RunEvent> events = new ArrayList<>(0);
    private final AtomicBoolean touched = new AtomicBoolean();
    private long lostEvents;

    /** Whether an event has waited too long for the store. Guarded by the tree's lock, as {@link #onRoom}. */
    private boolean givenUp;

    private Runnable onRoom = () -> {};
    private boolean over;
    private final @Nullable ProcessLease lease;
    private final Timers timers;
    private volatile @Nullable String owner;
    private volatile @Nullable CheckpointWriter checkpoints;

    /** The epoch of a new run is 1. */
    private volatile long epoch = 1;

    /** The number of stored requests to cancel the run that were applied. */
    private int seenRequests;

    private enum Start {
        WAITING,
        STORED,
        REFUSED
    }

    /** Decides between the store, which may write the first row late, and the start, which is refused meanwhile. */
    private final AtomicReference<Start> start = new AtomicReference<>(Start.WAITING);

    /** The number of calls that are about to resume the run. Guarded by the tree's lock. */
    private int claims;

    private volatile @Nullable CompletableFuture<Boolean> firstWrite;

    private final AdoptedElsewhere adoptedElsewhere = new AdoptedElsewhere(this);
    private volatile boolean inserted;
    private volatile boolean leftTurn;
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

    /** The process that owns the run; null if its store is not shared. */
    @Nullable
    public String owner() {
        return owner;
    }

    public long epoch() {
        return epoch;
    }

    /** Whether this process may write to a row; also if there is none yet. */
    boolean isMine(Optional<StoredRun> row) {
        return row.isEmpty() || (!row.get().status().isTerminal() && row.get().epoch() == epoch);
    }

    /** Marks the run as released to other processes: it ends here without ending in the store. */
    public void givenAway() {
        givenAway = true;
    }

    public boolean isGivenAway() {
        return givenAway;
    }

    // ---- its start

    /**
     * Writes the first row of a new run, or adopts the row of a paused one.
     *
     * @param resumed the row to adopt; null for a new run
     * @param then called when that is done or has failed
     * @return false if the id is used, or the row can't be adopted
     */
    public CompletableFuture<Boolean> insert(@Nullable StoredRun resumed, Runnable then) {
        var first = run.snapshot(RunStatus.PENDING);
        var writing = resumed == null
                ? storage.insert(
                        storing.store(),
                        () -> start.get() == Start.REFUSED ? null : first.ownedBy(register(), epoch),
                        isNew -> firstRowWritten(first, null, isNew))
                : storage.submit(() -> {
                    if (start.get() == Start.REFUSED) {
                        return false;
                    }
                    var isMine = adopt(resumed);
                    firstRowWritten(first, resumed, isMine);
                    return isMine;
                });
        firstWrite = writing;
        var _ = writing.whenComplete((_, _) -> then.run());
        return writing;
    }

    /** The run is a durable one, whose row this process has claimed. */
    public void claimed(RunQueue.Claim claim) {
        owner = claim.run().owner();
        epoch = claim.run().epoch();
        checkpoints = new CheckpointWriter(run, (RunQueue) storing.store(), storage, claim.place());
        start.set(Start.STORED);
        inserted();
    }

    /** Writes the checkpoints of a durable run; null for others. */
    public @Nullable CheckpointWriter checkpoints() {
        return checkpoints;
    }

    /** Whether only the end of the run is written. Called under the tree's lock. */
    boolean isOver() {
        return over || givenAway;
    }

    /** Whether the store gives runs the turn of their session. */
    public boolean keepsTurns() {
        return lease != null && storing.store() instanceof SharedStore shared && lease.keepsTurns(shared);
    }

    /**
     * Writes the first row of a new run that takes part in the turns of its session, in a store that keeps them.
     *
     * @param then called when that is done or has failed
     * @param turn called when the run has the turn
     * @return false if the id is used; fails with a {@link RunRejectedException} if the run's policy is REJECT and its session
     *     is busy
     */
    public CompletableFuture<Boolean> enter(Runnable then, StoredTurn turn) {
        var first = run.snapshot(RunStatus.PENDING);
        var writing = storage.submit(() -> start.get() != Start.REFUSED && enter(first, turn));
        firstWrite = writing;
        var _ = writing.whenComplete((_, _) -> then.run());
        return writing;
    }

    private boolean enter(StoredRun first, StoredTurn turn) {
        var mine = register();
        if (lease == null || mine == null || !(storing.store() instanceof SharedStore shared)) {
            throw new IllegalStateException("run " + first.runId() + " is not in a store that processes share");
        }
        var entry = shared.enter(first.ownedBy(mine, epoch), storing.policy());
        switch (entry.result()) {
            case HAS_TURN -> {
                firstRowWritten(first, null, true);
                turn.given();
            }
            case WAITS -> {
                firstRowWritten(first, null, true);
                lease.turns().add(first.runId(), mine, turn, storing.optional());
                if (leftTurn) {
                    lease.turns().remove(first.runId());
                }
            }
            case BUSY ->
                throw new RunRejectedException(
                        Reason.SESSION_BUSY,
                        "session " + first.sessionId() + " runs already (run " + entry.other()
                                + "): wait for it, cancel it, or choose another SessionPolicy");
            case ID_USED -> {
                return false;
            }
        }
        return true;
    }

    /** The run waits for its turn no longer. */
    public void leaveTurn() {
        leftTurn = true;
        if (lease != null) {
            lease.turns().remove(run.id());
        }
    }

    private void firstRowWritten(StoredRun first, @Nullable StoredRun resumed, boolean isNew) {
        if (isNew && start.compareAndSet(Start.WAITING, Start.STORED)) {
            inserted();
        } else if (isNew) {
            undo(first, resumed, "its store had not taken it in time");
        }
    }

    /**
     * Refuses the start because the first row is not written.
     *
     * @return false if it was written in this very moment; otherwise it never stays in the store
     */
    public boolean refuse() {
        return start.compareAndSet(Start.WAITING, Start.REFUSED) || start.get() == Start.REFUSED;
    }

    /** Refuses the start and ends its row, which may have been written. */
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

    /** A failed write may have been committed all the same. */
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

    /** Ends the row of a run that never started, which would stay PENDING for ever; an adopted one is released again. */
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

    /** The failure of the store's last write; null if it succeeded. */
    public @Nullable Exception lastFailure() {
        return storage.lastFailure();
    }

    /** @return the owner's id; null if the store is not shared */
    private @Nullable String register() {
        if (lease != null && storing.store() instanceof SharedStore shared) {
            owner = lease.owner(shared);
        }
        return owner;
    }

    /** Adopts a run that another process has released. */
    private boolean adopt(StoredRun left) {
        var mine = register();
        if (mine == null || !(storing.store() instanceof SharedStore shared)) {
            throw new IllegalStateException("run " + left.runId() + " is not in a store that processes share");
        }
        var adopted = RowAdoption.adopt(shared, left, mine, run.isRoot());
        adopted.ifPresent(row -> epoch = row.epoch());
        return adopted.isPresent();
    }

    /** Ends the child runs that were adopted with the run and were not resumed. */
    public void endUnresumed(List<StoredRun> left, CancelCause why) {
        var mine = owner;
        for (var each : left) {
            if (mine != null) {
                var _ = storage.submit(() -> storing.store()
                                .run(each.runId())
                                .filter(row -> RowAdoption.isPausedUnder(row, mine))
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
     * Claims the row before a call resumes the run, so that no other process can adopt it. Until {@link #unclaim} it is not written
     * as PAUSED.
     *
     * @throws RunRejectedException if another process has ended the run, or has adopted it, or the store does not answer
     */
    public void claim() {
        run.locked(() -> ++claims);
        try {
            // The row of a run that is not paused is not PAUSED either, and is not written as such while this claim
            // lasts.
            if (run.isPaused()) {
                claimRow();
            }
        } catch (RuntimeException e) {
            unclaim();
            throw e;
        }
    }

    /** Ends a claim: the call has resumed the run, or has failed. */
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
            // Another call of this process may have resumed the run, even until its end: then the caller learns of
            // that.
            if (!isMine && run.isPaused()) {
                throw new RunRejectedException(
                        Reason.NOT_ASKED, "another process has ended or adopted run " + run.id());
            }
        } catch (IllegalStateException e) {
            if (!storing.optional()) {
                throw new RunRejectedException(
                        Reason.STORE_UNAVAILABLE,
                        "run " + run.id() + " can't be resumed, because its row could not be claimed: "
                                + e.getMessage(),
                        e);
            }
        }
    }

    /** Lets the run start before its first row is written. */
    public void startsBefore(Future<Boolean> first) {
        inserting = first;
    }

    /** The first row is written: from now on changes of the run are. */
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

    // ---- changes

    /** Has a change of the run written a little later. */
    public void touch() {
        if (!touched.get() && touched.compareAndSet(false, true) && inserted) {
            run.afterUnlock(() -> storage.touched(this, false));
        }
    }

    /** Has a change of the run written at once. */
    public void touchNow() {
        touched.set(true);
        if (inserted) {
            run.afterUnlock(() -> storage.touched(this, true));
        }
    }

    /** Has an event written that belongs to this run's record. Called under the tree's lock. */
    @Override
    public void keep(RunEvent event) {
        if (over || !storing.events().stores(event)) {
            return;
        }
        // Beyond the bound come only the few that never wait, such as the last ones of child runs.
        if (events.size() >= (isBehind() ? MAX_EVENTS : 2 * MAX_EVENTS)) {
            if (lostEvents++ == 0) {
                log.error(
                        "events of run {} from index {} on are lost: {} earlier ones are not stored yet",
                        run.id(),
                        event.index(),
                        events.size());
            }
            return;
        }
        events.add(event);
        if (events.size() == FLUSH_EVENTS) {
            touchNow();
        } else {
            touch();
        }
    }

    /** Whether the store is behind for another reason than that the run is fast: then the run does not wait for it. */
    private boolean isBehind() {
        return givenUp || !inserted || storage.lastFailure() != null;
    }

    @Override
    public boolean isFull() {
        return events.size() >= MAX_EVENTS && !over && !isBehind();
    }

    @Override
    public void giveUp() {
        givenUp = true;
    }

    @Override
    public void onRoom(Runnable listener) {
        onRoom = listener;
    }

    /** Has no more events written. */
    public void keepNoMore() {
        run.locked(() -> over = true);
    }

    /** Takes the events that are not written yet. Called under the tree's lock. */
    private void drainTo(List<RunEvent> into) {
        into.addAll(events);
        events.clear();
        givenUp = false;
        if (lostEvents > 0) {
            log.error("{} events of run {} are lost: its store was too slow or down", lostEvents, run.id());
            lostEvents = 0;
        }
        onRoom.run();
    }

    /** Takes the pending events and the current state, to be written; null if the run has ended, or is another process's now. */
    @Nullable
    StoredRun take(List<RunEvent> into) {
        if (run.isPaused() || checkpoints != null) {
            // The session state is part of the row of such runs only.
            run.refresh();
        }
        return run.locked(() -> {
            touched.set(false);
            if (isOver()) {
                return null;
            }
            drainTo(into);
            var status = run.status();
            return run.snapshot(status == RunStatus.PAUSED && claims > 0 ? RunStatus.RUNNING : status);
        });
    }

    /** Puts events back that could not be written, to try again. */
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
     * Returns the stored requests to cancel the run that were not returned before. Called by the lease's thread only.
     *
     * @param requests all stored requests, in their order
     */
    List<CancelRequest> newRequests(List<CancelRequest> requests) {
        var added = requests.subList(Math.min(seenRequests, requests.size()), requests.size());
        seenRequests = Math.max(seenRequests, requests.size());
        return added;
    }

    /** Passes requests to cancel on to a process that has adopted the run; null if the store is not shared. */
    public @Nullable AdoptedElsewhere adoptedElsewhere() {
        return lease == null || owner == null ? null : adoptedElsewhere;
    }

    // ---- its end

    /**
     * Writes the end of the run, behind all earlier changes, and waits for it as long as the policy says.
     *
     * @param last the terminal event; null if it is not stored
     * @return the result; null if the end is not written yet, or is lost, or the run's session was deleted
     */
    public SessionStore.@Nullable Finished finish(StoredRun end, List<StateChange> changes, @Nullable RunEvent last) {
        var write = storage.finish(
                storing.store(),
                end,
                changes,
                inserting,
                () -> run.locked(() -> {
                    over = true;
                    var rest = new ArrayList<RunEvent>();
                    drainTo(rest);
                    if (last != null && storing.events().stores(last)) {
                        rest.add(last);
                    }
                    return rest;
                }));
        return write == null ? null : await(write);
    }

    private SessionStore.@Nullable Finished await(Future<SessionStore.Finished> write) {
        try {
            var finished = write.get(Durations.nanos(storing.endWait()), TimeUnit.NANOSECONDS);
            if (!finished.stored()) {
                log.info("the end of run {} is not stored: its session was deleted", run.id());
                return null;
            }
            return finished;
        } catch (TimeoutException e) {
            log.warn("the end of run {} is not stored yet; its write stays queued", run.id());
            return null;
        } catch (ExecutionException | InterruptedException e) {
            log.error("the end of run {} could not be stored", run.id(), e);
            return null;
        }
    }
}
