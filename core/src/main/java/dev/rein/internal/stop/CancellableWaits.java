package dev.rein.internal.stop;

import dev.rein.cancel.Aborter;
import dev.rein.cancel.CancelCause;
import dev.rein.cancel.Cancellation;
import dev.rein.cancel.CancelledException;
import dev.rein.run.AbandonedThread;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How the code of a scope is called, and how it waits so that a stop ends the wait: by aborters, and in the kernel's own
 * waits.
 */
public abstract class CancellableWaits extends TreeMonitor implements Cancellation {
    /** Guarded by the lock. */
    final List<RegisteredAborter> aborts = new ArrayList<>(0);

    /** Guarded by the lock. */
    private final List<AbandonedThread> abandoned = new ArrayList<>(0);

    /** How many abandoned threads are not in {@link #abandoned} yet. Guarded by the lock. */
    private int beingDescribed;

    private volatile boolean awaitsAborts;
    private boolean awaitsDecision;
    private @Nullable BooleanSupplier joined;
    private volatile boolean paused;
    private @Nullable Consumer<Boolean> onPauseChange;

    CancellableWaits(TreeLock lock) {
        super(lock);
    }

    abstract StopEnvironment environment();

    abstract String runId();

    /** What it is, for people and for the count of abandoned threads. */
    abstract String what();

    /** The stop that was requested, in effect or not; null for none. Called under the lock, or when {@link #isCancelled}. */
    abstract @Nullable Stop stop();

    /** Waits for a condition over what the lock guards; see {@link Scope#awaitUntil}. */
    abstract boolean awaitUntil(BooleanSupplier condition, long deadline, boolean stoppable);

    @Override
    public Registration onCancel(Aborter aborter) {
        var abort = new RegisteredAborter(this, aborter);
        lock.lock();
        try {
            if (!isCancelled()) {
                aborts.add(abort);
                return abort;
            }
        } finally {
            lock.unlock();
        }
        requireUnlocked();
        abort.dispatched();
        abort.run();
        return abort;
    }

    /** An aborter has returned. */
    void aborterReturned() {
        // Whoever begins to wait in this moment has said so before it looked.
        if (awaitsAborts) {
            signal();
        }
    }

    void release(RegisteredAborter abort) {
        guarded(() -> {
            if (!abort.takeBack() && !RegisteredAborter.isRunningHere()) {
                awaitAborts(abort::isOver);
            }
            if (abort.isOver()) {
                aborts.remove(abort);
            }
        });
    }

    /** Abandons the aborters that have not returned. Called under the lock. */
    void abandonAborters() {
        for (var abort : aborts) {
            var running = abort.abandon();
            if (running != null) {
                afterUnlock(() -> abandonedAborter(1));
                reportAbandoned("aborter of " + what(), running, () -> {});
            }
        }
        aborts.clear();
    }

    /** An aborter was abandoned (1), or one that was abandoned has returned (-1). */
    void abandonedAborter(int change) {
        environment().abandoned(what(), change);
        environment().aborts().abandoned(change);
    }

    // ---- abandoned threads

    public List<AbandonedThread> abandonedThreads() {
        return locked(() -> List.copyOf(abandoned));
    }

    /** Reports threads that were abandoned in a part of this node. */
    public void abandoned(List<AbandonedThread> threads) {
        locked(() -> abandoned.addAll(threads));
    }

    /**
     * Reports an abandoned thread once the lock is left, because its stack takes a while; this does not end before. Called
     * under the lock.
     *
     * @param of the work that the thread did
     * @param then called without the lock, once the thread is among {@link #abandonedThreads}
     */
    public void reportAbandoned(String of, Thread thread, Runnable then) {
        beingDescribed++;
        afterUnlock(() -> {
            var described = described(of, thread);
            guarded(() -> {
                beingDescribed--;
                abandoned.add(described);
                changed.signalAll();
            });
            then.run();
        });
    }

    private static AbandonedThread described(String of, Thread thread) {
        try {
            return Worker.describe(of, thread);
        } catch (Throwable e) {
            // The end of a run waits for this.
            return new AbandonedThread(of, thread.getName(), List.of());
        }
    }

    // ---- user code

    /**
     * Code that a run calls and that is not the kernel's.
     *
     * @param <T> what it returns
     * @param <E> what it throws
     */
    @FunctionalInterface
    public interface UserCode<T extends @Nullable Object, E extends Exception> {
        T call() throws E;
    }

    /**
     * Calls user code: the one gate through which anything starts in a run. The start is recorded under the lock that a stop
     * takes, right before the call: so either the stop was requested after it, or the code is not called.
     *
     * @param started records the start; called under the lock
     * @throws CancelledException if a stop came first
     * @throws IllegalStateException if the calling thread holds the tree's lock
     */
    public <T extends @Nullable Object, E extends Exception> T callUserCode(Runnable started, UserCode<T, E> code)
            throws E {
        lock.lock();
        try {
            throwIfCancelled();
            started.run();
            throwIfCancelled();
        } finally {
            lock.unlock();
        }
        requireUnlocked();
        try {
            return code.call();
        } finally {
            // One that the code leaves behind must not hit what the run does next. That of a stop has done its work:
            // the
            // scope says that it is cancelled.
            Thread.interrupted();
        }
    }

    /** The same for a start that leaves no record but this. */
    public <T extends @Nullable Object, E extends Exception> T callUserCode(UserCode<T, E> code) throws E {
        return callUserCode(() -> {}, code);
    }

    // ---- waiting

    @Override
    public void sleep(Duration duration) throws CancelledException {
        awaitUntil(() -> false, System.nanoTime() + Durations.nanos(duration), true);
    }

    @Override
    public <T extends @Nullable Object> T await(Future<T> future, @Nullable Duration timeout)
            throws CancelledException, ExecutionException, TimeoutException {
        try (var _ = onCancel(() -> future.cancel(true))) {
            var value = timeout == null ? future.get() : future.get(Durations.nanos(timeout), TimeUnit.NANOSECONDS);
            throwIfCancelled();
            return value;
        } catch (InterruptedException e) {
            throwIfCancelled();
            Thread.currentThread().interrupt();
            throw new ExecutionException("interrupted while waiting", e);
        } catch (RuntimeException | ExecutionException | TimeoutException e) {
            throwIfCancelled();
            throw e;
        }
    }

    /** Waits until no aborter is at work, and every abandoned one is reported. */
    public void awaitAborts() {
        awaitAborts(this::noAborterIsAtWork);
    }

    boolean noAborterIsAtWork() {
        if (beingDescribed != 0) {
            return false;
        }
        for (var abort : aborts) {
            if (abort.isUnderWay()) {
                return false;
            }
        }
        return true;
    }

    /** Waits for a condition that aborters make true too. */
    void awaitAborts(BooleanSupplier condition) {
        awaitsAborts = true;
        awaitUntil(condition, Long.MAX_VALUE, false);
    }

    // ---- the read side

    @Override
    public boolean isStopRequested() {
        return locked(() -> stop() != null);
    }

    @Override
    public @Nullable CancelCause cause() {
        return locked(() -> {
            var now = stop();
            return now == null ? null : now.cause;
        });
    }

    @Override
    public void throwIfCancelled() throws CancelledException {
        if (isCancelled()) {
            // Without the lock: a stop has a cause before it is in effect.
            throw new CancelledException(runId(), Objects.requireNonNull(stop()).cause);
        }
    }

    // ---- waiting for people

    /** Whether it may be paused: it has not ended and is not stopped. Called under the lock. */
    abstract boolean mayPause();

    /** Whether there are children, all of which are paused. Called under the lock. */
    abstract boolean allChildrenPaused();

    /** Whether the calling thread executes this scope's code. */
    public abstract boolean isOwnThread();

    /**
     * Its own thread begins or ends a wait for what is below it, which a stop ends without an interrupt. Called under the lock.
     *
     * @return whether an interrupt fell due meanwhile, and the thread has to interrupt itself
     */
    abstract boolean ownThreadJoins(boolean now);

    /** Called under the lock before the listener is notified. */
    abstract void updateStatus(boolean now);

    /** Called under the lock: after the listener is notified of a pause, and before it is notified of its end. */
    abstract void pauseChanged(boolean now);

    /**
     * Notifies {@code listener} when this is paused (true) and when the pause ends (false). It is called under the lock: what
     * it starts elsewhere it starts by {@link #afterUnlock}.
     */
    public void onPauseChange(Consumer<Boolean> listener) {
        onPauseChange = listener;
    }

    /** Whether this is paused: it waits for decisions, and nothing else is executed here or in its children. */
    public boolean isPaused() {
        return paused;
    }

    /** Sets whether its own code waits for a decision. Called under the lock. */
    public void awaitsDecision(boolean value) {
        awaitsDecision = value;
        updatePaused();
    }

    /**
     * Its own code begins to wait for its children. Code on other threads is not counted: what else it does is unknown.
     *
     * @param over whether the wait is about to end; called under the lock
     */
    public void beginJoin(BooleanSupplier over) {
        guarded(() -> {
            if (isOwnThread()) {
                joined = over;
                var _ = ownThreadJoins(true);
                updatePaused();
            }
        });
    }

    /** Its own code ends the wait for its children. */
    public void endJoin() {
        var isToBeInterrupted = locked(() -> {
            if (!isOwnThread()) {
                return false;
            }
            joined = null;
            var owed = ownThreadJoins(false);
            updatePaused();
            return owed;
        });
        if (isToBeInterrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Its own code has ended, and only its children continue. Called under the lock. */
    void joinUntilEnd() {
        joined = () -> false;
        updatePaused();
    }

    /** Determines again whether this is paused. Called under the lock. */
    void updatePaused() {
        var now = mayPause() && (awaitsDecision || (joined != null && !joined.getAsBoolean() && allChildrenPaused()));
        if (now == paused) {
            return;
        }
        paused = now;
        updateStatus(now);
        if (!now) {
            // The parents resume first, and emit their events first.
            pauseChanged(false);
        }
        if (onPauseChange != null) {
            onPauseChange.accept(now);
        }
        changed.signalAll();
        if (now) {
            pauseChanged(true);
        }
    }
}
