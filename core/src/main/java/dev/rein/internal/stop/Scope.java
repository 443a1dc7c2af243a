package dev.rein.internal.stop;

import dev.rein.cancel.CancelCause;
import dev.rein.cancel.CancelKind;
import dev.rein.cancel.CancelMode;
import dev.rein.cancel.CancelRequest;
import dev.rein.cancel.CancelledException;
import dev.rein.run.CancelResult.Outcome;
import dev.rein.run.RunStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One node of what can be stopped: a run, or one piece of a run's work, such as a tool call. It has at most one thread that
 * executes its code, any number of children, and the aborters of the waits that its code is in. All nodes of a tree share
 * one lock, and every field here is guarded by it.
 *
 * <pre>
 *              begin            decide(COMPLETED | ERROR)
 *   PENDING ----------> RUNNING -------------------------> COMPLETED | ERROR
 *      |                   |                                   ^
 *      |                   | ^ asks people: PAUSED, and back   |
 *      | request           | request                           | decide, while the stop is only requested
 *      v                   v                                   |
 *   CANCELLING (requested: a graceful mode lets something finish)
 *      |
 *      | mode NOW, nothing left to finish, or atMost is over
 *      v
 *   CANCELLING (in effect: nothing starts, nothing is delivered) --- decide(anything) ---> CANCELLED
 * </pre>
 *
 * The final states are never left. A stop has two phases: under the lock it is decided what stops and everything is marked;
 * what that leads to is collected as {@link StopEffects} and done once the lock is left. A node is added to its parent under
 * the lock, and a parent that is stopped passes its stop on under the lock: so a child either is there to be stopped or is
 * born stopped. After the decision a node is ended by its owner, once its thread has left or was abandoned and all its
 * children have ended.
 */
public final class Scope extends ScopeThread {
    private final StopEnvironment environment;
    private final String runId;
    private final String what;

    /** Whether it is one step of a workflow, or in one: AFTER_STEP lets it finish. */
    private final boolean inStep;

    private @Nullable Scope parent;

    private RunStatus status = RunStatus.PENDING;
    private @Nullable Stop stop;

    /** Whether the stop is in effect. */
    private volatile boolean cancelled;

    private boolean ended;
    private boolean expired;
    private Phase phase;
    private String doing = "waiting to start";
    private long doingSince = System.nanoTime();

    private final List<Scope> children = new ArrayList<>(0);
    private @Nullable GracePeriod gracePeriod;
    private @Nullable DelayedRequest delayedRequest;

    private Scope(
            StopEnvironment environment,
            TreeLock lock,
            String runId,
            String what,
            @Nullable Scope parent,
            Phase phase,
            boolean inStep) {
        super(lock);
        this.environment = environment;
        this.runId = runId;
        this.what = what;
        this.parent = parent;
        this.phase = phase;
        this.inStep = inStep;
    }

    public static Scope root(StopEnvironment environment, String runId, String what) {
        return new Scope(environment, new TreeLock(), runId, what, null, Phase.WAITING, false);
    }

    /**
     * A new child that is a run; null once the outcome of this has been decided: then it has no new children.
     *
     * @param isStep whether it is one step of a workflow
     */
    @Nullable
    public Scope childRun(String childRunId, String childWhat, boolean isStep) {
        return child(new Scope(environment, lock, childRunId, childWhat, this, Phase.WAITING, inStep || isStep));
    }

    /** A new child that is a piece of this run's work, such as a tool call, which a graceful stop lets finish. */
    public Scope childPiece(String childWhat) {
        return Objects.requireNonNull(child(new Scope(environment, lock, runId, childWhat, this, Phase.TOOLS, inStep)));
    }

    private @Nullable Scope child(Scope child) {
        return locked(() -> {
            if (status.isTerminal()) {
                return null;
            }
            children.add(child);
            if (stop != null) {
                child.follow(this, stop, cancelled);
            }
            updatePaused();
            return child;
        });
    }

    // ---- the state machine

    /**
     * Starts the work.
     *
     * @return false if it was stopped before
     */
    public boolean begin() {
        environment.watchdog().handedOn();
        return locked(() -> {
            if (status == RunStatus.PENDING) {
                status = RunStatus.RUNNING;
            }
            return !cancelled;
        });
    }

    /** Asks for a stop; the whole subtree is marked when this returns. Never throws for want of a thread. */
    public Outcome request(CancelRequest request) {
        return locked(() -> mark(request));
    }

    /**
     * Asks for a stop after a delay, unless it has ended by then. Of several such requests the earliest counts.
     *
     * @param request of mode NOW
     */
    public void requestAfter(Duration delay, CancelRequest request) {
        guarded(() -> {
            if (ended) {
                return;
            }
            if (delayedRequest == null) {
                delayedRequest = new DelayedRequest(this);
            }
            delayedRequest.set(System.nanoTime() + Durations.nanos(delay), request);
        });
    }

    /** Runs an action under the lock: at once if that is free, else on another thread, so that a timer is not held up. */
    public void guardedSoon(Runnable action) {
        if (lock.tryLock()) {
            try {
                action.run();
            } finally {
                lock.unlock();
            }
        } else {
            environment.interrupts().execute(() -> guarded(action));
        }
    }

    /** The first phase of a stop: decides and marks. */
    private Outcome mark(CancelRequest request) {
        if (status.isTerminal()) {
            return Outcome.ALREADY_FINISHED;
        }
        var before = stop;
        var isStronger = true;
        if (before == null) {
            stop = Stop.of(request, status);
        } else {
            before.add(request);
            isStronger = before.strengthen(request.mode(), request.grace());
        }
        var current = Objects.requireNonNull(stop);
        var isNow = request.mode() == CancelMode.NOW;
        var now = System.nanoTime();
        var takesEffectBy = isNow ? now : now + Durations.nanos(request.atMost());
        if (cancelled && current.expiresBy(takesEffectBy + Durations.nanos(request.grace()))) {
            expireInTime(current);
        }
        if (isStronger) {
            apply(current, isNow);
        }
        if (!cancelled) {
            gracePeriod().takesEffectBy(request, takesEffectBy);
        }
        return before == null ? Outcome.REQUESTED : isStronger ? Outcome.UPGRADED : Outcome.ALREADY_REQUESTED;
    }

    /** Follows a parent's stop. */
    private void follow(Scope above, Stop parents, boolean isInEffect) {
        if (status.isTerminal()) {
            return;
        }
        if (stop == null) {
            stop = runId.equals(above.runId)
                    ? Stop.ofPiece(parents)
                    : Stop.ofRunBelow(
                            above.isSiblingStoppedFor(parents.cause) ? null : above.stopped(), parents, status);
        } else {
            var _ = stop.strengthen(parents);
        }
        var deadline = parents.deadline();
        if (deadline != null) {
            var _ = stop.expiresBy(deadline);
        }
        apply(stop, isInEffect);
    }

    /** What was stopped, for the reason of a run below: the run, unless it was this piece of it alone. */
    private String stopped() {
        var above = parent;
        if (above == null || !above.runId.equals(runId) || above.stop == null) {
            return what;
        }
        return above.stop.cause.equals(Objects.requireNonNull(stop).cause) ? above.what : what;
    }

    /** Whether it is a branch that was stopped for its sibling's failure, and its run was not: runs in it have that cause. */
    private boolean isSiblingStoppedFor(CancelCause cause) {
        var top = this;
        while (top.parent != null && top.parent.runId.equals(runId)) {
            top = top.parent;
        }
        return cause.kind() == CancelKind.SIBLING && (top.stop == null || !top.stop.cause.equals(cause));
    }

    private void apply(Stop applied, boolean now) {
        if (!status.isTerminal()) {
            status = RunStatus.CANCELLING;
        }
        if (!cancelled && (now || leavesNothingToFinish(applied.mode))) {
            takeEffect(applied);
        }
        for (var child : List.copyOf(children)) {
            child.follow(this, applied, cancelled);
        }
    }

    private boolean leavesNothingToFinish(CancelMode mode) {
        return isPaused() || !(letsStepsFinish(mode) || phase.mayFinish(mode));
    }

    private boolean letsStepsFinish(CancelMode mode) {
        return inStep && mode == CancelMode.AFTER_STEP;
    }

    /** From here on nothing starts and nothing is delivered; every wait of this node ends. */
    private void takeEffect(Stop applied) {
        cancelled = true;
        applied.takesEffect(System.nanoTime());
        updatePaused();
        worker.exemptIfCurrent();
        for (var abort : aborts) {
            abort.dispatched();
            lock.effects().abort(environment.aborts(), abort);
        }
        if (aborts.isEmpty() && !worker.isWaitingInKernel() && worker.interruptIsDue()) {
            lock.effects().interrupt(this);
        }
        expireInTime(applied);
        changed.signalAll();
    }

    /** Watches over the grace period, unless the stop of the parent does: the topmost node watches over all below it. */
    private void expireInTime(Stop applied) {
        var deadline = Objects.requireNonNull(applied.deadline());
        if (parent == null || !parent.cancelled || parent.expiresAfter(deadline)) {
            gracePeriod().expiresAt(deadline);
        } else if (gracePeriod != null) {
            gracePeriod.end();
        }
    }

    private boolean expiresAfter(long deadline) {
        var own = Objects.requireNonNull(stop).deadline();
        return own == null || own - deadline > 0;
    }

    private GracePeriod gracePeriod() {
        var period = gracePeriod;
        if (period == null) {
            period = new GracePeriod(this);
            gracePeriod = period;
        }
        return period;
    }

    /** Called under the lock. */
    boolean hasAbortersToBegin() {
        for (var abort : aborts) {
            if (abort.isDispatched()) {
                return true;
            }
        }
        return children.stream().anyMatch(Scope::hasAbortersToBegin);
    }

    /** Interrupts the threads that have not come back. Called under the lock. */
    void interruptAll() {
        if (cancelled && worker.interruptIsDue()) {
            lock.effects().interrupt(this);
        }
        children.forEach(Scope::interruptAll);
    }

    /** The grace period is over: what has not stopped is abandoned, innermost first. Called under the lock. */
    void expire() {
        List.copyOf(children).forEach(Scope::expire);
        if (!cancelled || ended) {
            return;
        }
        abandonAborters();
        expired = true;
        if (children.isEmpty()) {
            var abandoned = worker.abandon();
            if (abandoned != null) {
                afterUnlock(() -> environment.abandoned(what, 1));
                if (!worker.isBeingInterrupted()) {
                    lock.effects().interruptLast(environment, abandoned);
                }
                reportAbandoned(
                        phase == Phase.MODEL ? what + ", " + doing : what, abandoned, worker::concludeInItsPlace);
            } else if (worker.isWaitingInKernel()) {
                // It waited for one of these aborters: it gets a moment to come back.
                gracePeriod().allowMoment();
            }
        }
        changed.signalAll();
    }

    /**
     * Decides the outcome: once, for good.
     *
     * @return what it is: {@code wanted}, unless a stop is in force or it was decided before
     */
    public RunStatus decide(RunStatus wanted) {
        return locked(() -> {
            if (!status.isTerminal()) {
                status = cancelled ? RunStatus.CANCELLED : wanted;
            }
            return status;
        });
    }

    /** Takes over the outcome that another process has decided, before anybody could see the decision here. */
    public void adoptOutcome(RunStatus decided, @Nullable Stop why) {
        guarded(() -> {
            status = decided;
            stop = why;
        });
    }

    /** Takes this node out of its tree: nobody waits for it any longer, and it holds nothing. Its children go to its parent. */
    public void end() {
        guarded(() -> {
            ended = true;
            if (gracePeriod != null) {
                gracePeriod.end();
            }
            if (delayedRequest != null) {
                delayedRequest.clear();
            }
            aborts.clear();
            // Other threads of its code may wait in it.
            changed.signalAll();
            recount();
            var above = parent;
            if (above != null) {
                above.children.remove(this);
                children.forEach(child -> child.moveTo(above));
                children.clear();
                if (!above.cancelled || above.children.isEmpty()) {
                    // Of a stopped node only the end of its last child is waited for.
                    above.changed.signalAll();
                }
                above.updatePaused();
                if (above.expired && above.children.isEmpty()) {
                    // Its thread may just have waited for this child: it gets a moment to come back.
                    above.gracePeriod().allowMoment();
                }
            }
            changed.signalAll();
        });
    }

    private void moveTo(Scope newParent) {
        parent = newParent;
        newParent.children.add(this);
        if (cancelled) {
            // The stopped node above it that watched over it is gone.
            expireInTime(Objects.requireNonNull(stop));
        }
    }

    // ---- waiting for people

    @Override
    boolean isRoot() {
        return parent == null;
    }

    @Override
    boolean isPending() {
        return status == RunStatus.PENDING;
    }

    @Override
    boolean hasEnded() {
        return ended;
    }

    @Override
    boolean hasExpired() {
        return expired;
    }

    @Override
    boolean mayPause() {
        return !cancelled && !ended && !status.isTerminal();
    }

    @Override
    boolean allChildrenPaused() {
        return !children.isEmpty() && children.stream().allMatch(Scope::isPaused);
    }

    @Override
    void updateStatus(boolean now) {
        if (now && status == RunStatus.RUNNING) {
            status = RunStatus.PAUSED;
        } else if (!now && status == RunStatus.PAUSED) {
            status = RunStatus.RUNNING;
        }
    }

    @Override
    void pauseChanged(boolean now) {
        recount();
        if (parent != null) {
            parent.updatePaused();
        }
        if (now && stop != null) {
            // What a graceful stop would have let finish waits for people, who may never answer.
            apply(stop, true);
        }
    }

    // ---- what its code does

    /**
     * Goes on to the next thing to do.
     *
     * @throws CancelledException if a stop does not let it
     */
    public void enter(Phase next, String newDoing) {
        guarded(() -> {
            if (stop != null && !cancelled && next.startsWork() && !letsStepsFinish(stop.mode)) {
                apply(stop, true);
            }
            throwIfCancelled();
            phase = next;
            doing = newDoing;
            doingSince = System.nanoTime();
        });
    }

    /** Whether a graceful stop leaves out the tool calls that have not begun. */
    public boolean leavesOutToolCalls() {
        return locked(() -> stop != null && stop.mode == CancelMode.AFTER_TOOLS);
    }

    /**
     * Waits until nothing of this node is going on (no child, no aborter, no thread that was not abandoned), and decides in
     * the same instant, so that no child can come in between.
     */
    public RunStatus decideWhenQuiet(RunStatus wanted) {
        lock.lock();
        try {
            joinUntilEnd();
            if (!isQuiet()) {
                awaitAborts(this::isQuiet);
            }
            return decide(wanted);
        } finally {
            lock.unlock();
        }
    }

    private boolean isQuiet() {
        return children.isEmpty() && !worker.isWorking() && noAborterIsAtWork();
    }

    /** Stops every child because this failed; their cause is PARENT. */
    public void stopChildren(String reason) {
        guarded(() -> {
            var failed = Stop.of(CancelRequest.now().kind(CancelKind.PARENT).reason(reason), status);
            for (var child : List.copyOf(children)) {
                child.follow(this, failed, true);
            }
        });
    }

    // ---- the read side

    @Override
    public StopEnvironment environment() {
        return environment;
    }

    @Override
    String runId() {
        return runId;
    }

    @Override
    String what() {
        return what;
    }

    @Override
    @Nullable
    public Stop stop() {
        return stop;
    }

    /** The index of the last event that somebody has seen, by the requests to stop this and what is above; null if unknown. */
    public @Nullable Long seenUpTo() {
        return this.<@Nullable Long>locked(() -> {
            Long seen = null;
            for (var each = this; each != null; each = each.parent) {
                seen = each.stop == null ? seen : Stop.lower(seen, each.stop.seenUpTo());
            }
            return seen;
        });
    }

    public RunStatus status() {
        return locked(() -> status);
    }

    /** Whether something below this could still start work. */
    boolean hasLiveChild() {
        return locked(() -> children.stream().anyMatch(child -> !child.cancelled || child.hasLiveChild()));
    }

    /** Since when it does what it does, as {@link System#nanoTime}. */
    public long doingSince() {
        return doingSince;
    }

    /** What it does now, or what its parts do. */
    public String doing() {
        return locked(() -> {
            var parts = children.stream()
                    .map(child -> child.what)
                    .distinct()
                    .sorted()
                    .toList();
            return isPaused()
                    ? "waiting for people"
                    : phase == Phase.TOOLS && !parts.isEmpty() ? String.join(", ", parts) : doing;
        });
    }

    @Override
    public boolean isCancelled() {
        return cancelled;
    }
}
