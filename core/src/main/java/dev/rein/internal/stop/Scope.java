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
import java.util.concurrent.Future;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
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
 *      | request           | request                           | decide, while the stop is soft
 *      v                   v                                   |
 *   CANCELLING (soft: a graceful mode lets something finish) --+
 *      |
 *      | harden: mode NOW, or nothing left that the mode spares
 *      v
 *   CANCELLING (hard: nothing starts, nothing is delivered) --- decide(anything) ---> CANCELLED
 * </pre>
 *
 * The final states are never left. A node is added to its parent under the lock, and a parent that is stopped passes its
 * stop on under the lock: so a child either is there to be stopped or is born stopped. After the decision a node is ended by
 * its owner, once its thread has left or was abandoned and all its children have ended.
 */
public final class Scope extends CancellableWaits {
    /** How long a thread that registered aborters has to come back by them before it is interrupted too. */
    private static final Duration BACKSTOP = Duration.ofMillis(50);

    /** How long a thread whose grace is over has to come back once the children that it waited for have ended. */
    private static final Duration AFTER_CHILDREN = Duration.ofMillis(250);

    private final StopEnvironment environment;
    private final String runId;
    private final String what;

    /** Whether it is one step of a workflow, or in one: AFTER_STEP lets it finish. */
    private final boolean inStep;

    private @Nullable Scope parent;

    private RunStatus status = RunStatus.PENDING;
    private @Nullable Stop stop;
    private volatile boolean hard;
    private boolean ended;
    private boolean expired;
    private Phase phase;
    private String doing = "waiting to start";
    private long doingSince = System.nanoTime();

    private final List<Scope> children = new ArrayList<>(0);
    private @Nullable Future<?> timer;

    private final Worker worker = new Worker();

    private Scope(
            StopEnvironment environment,
            ReentrantLock lock,
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
        return new Scope(environment, new ReentrantLock(), runId, what, null, Phase.WAITING, false);
    }

    /**
     * A new child that is a run; null once this has been decided: it has no children any more.
     *
     * @param isStep whether it is one step of a workflow
     */
    @Nullable
    public Scope childRun(String childRunId, String childWhat, boolean isStep) {
        return child(new Scope(environment, lock, childRunId, childWhat, this, Phase.WAITING, inStep || isStep));
    }

    /** A new child that is a piece of this run's work, such as a tool call: a graceful stop spares it. */
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
                child.inherit(this, stop, hard);
            }
            recheck();
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
            return !hard;
        });
    }

    /** Asks for a stop; the whole subtree is marked when this returns. */
    public Outcome request(CancelRequest request) {
        lock.lock();
        try {
            if (status.isTerminal()) {
                return Outcome.ALREADY_FINISHED;
            }
            var before = stop;
            if (before == null) {
                stop = Stop.of(request, status);
            } else {
                before.add(request);
                if (!request.mode().strongerThan(before.mode)) {
                    return Outcome.ALREADY_REQUESTED;
                }
                before.strengthen(request.mode(), request.grace());
            }
            apply(Objects.requireNonNull(stop), request.mode() == CancelMode.NOW);
            if (!hard) {
                var rest = request.mode(CancelMode.NOW);
                later(request.atMost(), () -> request(rest));
            }
            return before == null ? Outcome.REQUESTED : Outcome.UPGRADED;
        } finally {
            lock.unlock();
        }
    }

    /** Takes over a parent's stop. The timers of the topmost node that is stopped for good watch over all below it. */
    private void inherit(Scope from, Stop parents, boolean now) {
        if (status.isTerminal()) {
            return;
        }
        if (stop == null) {
            stop = runId.equals(from.runId)
                    ? Stop.ofPiece(parents)
                    : Stop.ofRunBelow(from.isSiblingStoppedFor(parents.cause) ? null : from.stopped(), parents, status);
        } else if (parents.mode.strongerThan(stop.mode)) {
            stop.strengthen(parents.mode, parents.grace);
        }
        apply(stop, now);
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
        if (!hard && (now || leavesNothing(applied.mode))) {
            harden();
            if (parent == null || !parent.hard) {
                watch();
            }
        }
        for (var child : List.copyOf(children)) {
            child.inherit(this, applied, hard);
        }
    }

    private boolean leavesNothing(CancelMode mode) {
        return waits() || !(sparesSteps(mode) || phase.isSparedBy(mode));
    }

    private boolean sparesSteps(CancelMode mode) {
        return inStep && mode == CancelMode.AFTER_STEP;
    }

    /** From here on nothing starts and nothing is delivered; every wait of this node ends. */
    private void harden() {
        hard = true;
        recheck();
        worker.exemptIfCurrent();
        for (var abort : aborts) {
            abort.dispatched();
            environment.aborts().execute(abort);
        }
        if (aborts.isEmpty() && worker.canBeInterrupted()) {
            environment.aborts().execute(this::interruptThread);
        }
        changed.signalAll();
    }

    /** Backs the aborters up with an interrupt, and abandons what is still there when the grace period is over. */
    private void watch() {
        backUpBy(System.nanoTime() + Objects.requireNonNull(stop).grace.toNanos());
    }

    private void backUpBy(long deadline) {
        later(BACKSTOP, () -> {
            // Of many stops at once some have aborters that wait their turn: interrupts would only be more work.
            if (deadline - System.nanoTime() > BACKSTOP.toNanos() && locked(this::hasAbortersToBegin)) {
                backUpBy(deadline);
            } else {
                guarded(this::interruptAll);
                later(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())), this::expire);
            }
        });
    }

    private void later(Duration delay, Runnable action) {
        guarded(() -> {
            if (timer != null) {
                timer.cancel(false);
            }
            timer = ended ? null : environment.timers().after(delay, action);
        });
    }

    private boolean hasAbortersToBegin() {
        return aborts.stream().anyMatch(RegisteredAborter::isDispatched)
                || children.stream().anyMatch(Scope::hasAbortersToBegin);
    }

    private void interruptAll() {
        if (hard && worker.canBeInterrupted()) {
            environment.aborts().execute(this::interruptThread);
        }
        children.forEach(Scope::interruptAll);
    }

    /** Only on the abort pool: a file lock that a virtual thread waits for holds up whoever interrupts that. */
    private void interruptThread() {
        var thread = this.<@Nullable Thread>locked(() -> hard ? worker.claimInterrupt() : null);
        if (thread != null) {
            thread.interrupt();
            guarded(() -> {
                worker.interrupted();
                changed.signalAll();
            });
        }
    }

    /** The grace period is over: what has not stopped is left behind, innermost first. */
    private void expire() {
        guarded(() -> {
            List.copyOf(children).forEach(Scope::expire);
            if (!hard || ended) {
                return;
            }
            for (var abort : aborts) {
                var running = abort.abandon();
                if (running != null) {
                    abandoned.add(Worker.describe("aborter of " + what, running));
                }
            }
            aborts.clear();
            expired = true;
            var left = children.isEmpty()
                    ? worker.abandon(phase == Phase.MODEL ? what + ", " + doing : what, environment.aborts()::execute)
                    : null;
            if (left != null) {
                abandoned.add(left);
                environment.abandoned(what, 1);
                worker.takeOver();
            } else if (children.isEmpty() && worker.comesBack()) {
                // It waited for one of these aborters: it gets a moment to come back.
                later(AFTER_CHILDREN, this::expire);
            }
            changed.signalAll();
        });
    }

    /**
     * Decides the outcome: once, for good.
     *
     * @return what it is: {@code wanted}, unless a stop is in force or it was decided before
     */
    public RunStatus decide(RunStatus wanted) {
        return locked(() -> {
            if (!status.isTerminal()) {
                status = hard ? RunStatus.CANCELLED : wanted;
            }
            return status;
        });
    }

    /** It was decided otherwise elsewhere, before anybody could see the decision here. */
    public void overrule(RunStatus decided, @Nullable Stop why) {
        guarded(() -> {
            status = decided;
            stop = why;
        });
    }

    /** Takes this node out of its tree: nobody waits for it any longer, and it holds nothing. Its children go to its parent. */
    public void end() {
        guarded(() -> {
            ended = true;
            if (timer != null) {
                timer.cancel(false);
                timer = null;
            }
            aborts.clear();
            var above = parent;
            if (above != null) {
                above.children.remove(this);
                children.forEach(child -> child.moveTo(above));
                children.clear();
                if (!above.hard || above.children.isEmpty()) {
                    // Of a stopped node only the end of its last child is waited for.
                    above.changed.signalAll();
                }
                above.recheck();
                if (above.expired && above.children.isEmpty()) {
                    // Its thread may just have waited for this child: it gets a moment to come back.
                    above.later(AFTER_CHILDREN, above::expire);
                }
            }
            changed.signalAll();
        });
    }

    private void moveTo(Scope newParent) {
        parent = newParent;
        newParent.children.add(this);
        if (hard && !newParent.hard) {
            // What was stopped above it, and watched over it, is gone.
            watch();
        }
    }

    // ---- waiting for people

    @Override
    boolean mayWait() {
        return !hard && !ended && !status.isTerminal();
    }

    @Override
    boolean allBelowWait() {
        return !children.isEmpty() && children.stream().allMatch(Scope::waits);
    }

    @Override
    boolean isOwnThread() {
        return worker.isCurrent();
    }

    @Override
    void ownThreadJoins(boolean now) {
        worker.waitsInKernel(now);
    }

    @Override
    void beginsOrEndsToWait(boolean now) {
        if (now && status == RunStatus.RUNNING) {
            status = RunStatus.PAUSED;
        } else if (!now && status == RunStatus.PAUSED) {
            status = RunStatus.RUNNING;
        }
    }

    @Override
    void waitsOrNoLonger(boolean now) {
        if (parent != null) {
            parent.recheck();
        }
        if (now && stop != null) {
            // What a graceful stop would have let finish does not: it waits for somebody.
            apply(stop, true);
        }
    }

    // ---- the thread that executes this node's code

    /**
     * Gives this node its thread, before that starts.
     *
     * @param abandonedAction what takes over when the thread is abandoned
     */
    public void attach(Thread newThread, Runnable abandonedAction) {
        guarded(() -> worker.attach(newThread, abandonedAction));
    }

    /**
     * The thread has left the code. From here on nobody interrupts it.
     *
     * @return false if it had been abandoned, and somebody else goes on in its place
     */
    public boolean leave() {
        environment.watchdog().handedOn();
        lock.lock();
        try {
            // One interrupt may be on its way, and would reach the cleanup and the store.
            awaitUntil(() -> !worker.isBeingInterrupted() || expired, Long.MAX_VALUE, false);
            var ours = worker.leave();
            if (!ours) {
                environment.abandoned(what, -1);
            }
            changed.signalAll();
            return ours;
        } finally {
            lock.unlock();
            // One that has come must not reach them either.
            Thread.interrupted();
        }
    }

    /**
     * Goes on to the next thing to do: the one place where work starts.
     *
     * @throws CancelledException if a stop does not let it
     */
    public void enter(Phase next, String newDoing) {
        guarded(() -> {
            if (stop != null && !hard && next.isMore() && !sparesSteps(stop.mode)) {
                apply(stop, true);
            }
            throwIfCancelled();
            phase = next;
            doing = newDoing;
            doingSince = System.nanoTime();
        });
    }

    /**
     * Waits until nothing of this node is going on (no child, no aborter, no thread that was not abandoned), and decides in
     * the same instant, so that no child can come in between.
     */
    public RunStatus decideWhenQuiet(RunStatus wanted) {
        lock.lock();
        try {
            joinsFromHereOn();
            awaitAborts(() -> children.isEmpty()
                    && !worker.isWorking()
                    && aborts.stream().noneMatch(RegisteredAborter::isUnderWay));
            return decide(wanted);
        } finally {
            lock.unlock();
        }
    }

    /** Has every child stopped, because this failed; the children's cause is PARENT. */
    public void stopChildren(String reason) {
        guarded(() -> {
            var failed = Stop.of(CancelRequest.now().kind(CancelKind.PARENT).reason(reason), status);
            for (var child : List.copyOf(children)) {
                child.inherit(this, failed, true);
            }
        });
    }

    /**
     * Waits for a condition over what the lock guards. The one wait of the kernel's own code; whoever makes the condition
     * true calls {@link #signal()}. An interrupt does not end it, and is not lost.
     *
     * @param deadline as {@link System#nanoTime}; {@code Long.MAX_VALUE} for none
     * @param stoppable whether a stop ends it, by {@link CancelledException}
     * @return false if the deadline passed first
     */
    @Override
    public boolean awaitUntil(BooleanSupplier condition, long deadline, boolean stoppable) {
        var interrupted = false;
        lock.lock();
        try {
            var mine = worker.isCurrent();
            while (true) {
                if (stoppable) {
                    throwIfCancelled();
                }
                if (condition.getAsBoolean()) {
                    return true;
                }
                var left = deadline == Long.MAX_VALUE ? Long.MAX_VALUE : deadline - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                if (mine) {
                    worker.waitsInKernel(true);
                }
                try {
                    if (left == Long.MAX_VALUE) {
                        changed.await();
                    } else {
                        changed.awaitNanos(left);
                    }
                } catch (InterruptedException e) {
                    interrupted = true;
                } finally {
                    if (mine) {
                        worker.waitsInKernel(false);
                    }
                }
            }
        } finally {
            lock.unlock();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    // ---- the read side

    public StopEnvironment environment() {
        return environment;
    }

    @Override
    String runId() {
        return runId;
    }

    @Override
    @Nullable
    public Stop stop() {
        return stop;
    }

    public RunStatus status() {
        return locked(() -> status);
    }

    /** Whether something below this could still start work. */
    boolean hasLiveChild() {
        return locked(() -> children.stream().anyMatch(child -> !child.hard || child.hasLiveChild()));
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
            return waits()
                    ? "waiting for people"
                    : phase == Phase.TOOLS && !parts.isEmpty() ? String.join(", ", parts) : doing;
        });
    }

    @Override
    boolean isHard() {
        return hard;
    }
}
