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
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** How the code of a scope waits, so that a stop ends it: by aborters, and in the waits of the kernel's own. */
abstract class CancellableWaits extends TreeMonitor implements Cancellation {
    /** Guarded by the lock. */
    final List<RegisteredAborter> aborts = new ArrayList<>(0);

    /** The threads that were left behind. Guarded by the lock. */
    final List<AbandonedThread> abandoned = new ArrayList<>(0);

    private volatile boolean awaitsAborts;
    private boolean asks;
    private @Nullable BooleanSupplier joined;
    private volatile boolean waits;
    private @Nullable Consumer<Boolean> onWaits;

    CancellableWaits(ReentrantLock lock) {
        super(lock);
    }

    abstract String runId();

    /** The stop that is in force, soft or hard; null for none. Called under the lock, or when {@link #isHard}. */
    abstract @Nullable Stop stop();

    /** Whether every wait ends. Without the lock too: it never ceases to be. */
    abstract boolean isHard();

    /** Waits for a condition over what the lock guards; see {@link Scope#awaitUntil}. */
    abstract boolean awaitUntil(BooleanSupplier condition, long deadline, boolean stoppable);

    @Override
    public Registration onCancel(Aborter aborter) {
        var abort = new RegisteredAborter(this, aborter);
        lock.lock();
        try {
            if (!isHard()) {
                aborts.add(abort);
                return abort;
            }
        } finally {
            lock.unlock();
        }
        abort.dispatched();
        abort.run();
        return abort;
    }

    public List<AbandonedThread> abandonedThreads() {
        return locked(() -> List.copyOf(abandoned));
    }

    /** Reports a thread that a part of this node left behind. */
    public void abandoned(List<AbandonedThread> threads) {
        locked(() -> abandoned.addAll(threads));
    }

    /** An aborter is over. */
    void aborted() {
        // Whoever begins to wait in this moment has said so before it looked.
        if (awaitsAborts) {
            signal();
        }
    }

    void release(RegisteredAborter abort) {
        guarded(() -> {
            if (!abort.takeBack()) {
                awaitAborts(abort::isOver);
            }
            aborts.remove(abort);
        });
    }

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

    /** Waits until no aborter is at work. */
    public void awaitAborts() {
        awaitAborts(() -> aborts.stream().noneMatch(RegisteredAborter::isUnderWay));
    }

    /** Waits for a condition that aborters make true too. */
    public void awaitAborts(BooleanSupplier condition) {
        awaitsAborts = true;
        awaitUntil(condition, Long.MAX_VALUE, false);
    }

    // ---- the read side

    @Override
    public boolean isCancelled() {
        return isHard();
    }

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
        if (isHard()) {
            // Without the lock: what was stopped for good has a cause before it is.
            throw new CancelledException(runId(), Objects.requireNonNull(stop()).cause);
        }
    }

    // ---- waiting for people

    /** Whether it could go on: it has not ended and is not stopped. Called under the lock. */
    abstract boolean mayWait();

    /** Whether there is something below this, and all of it waits for people. Called under the lock. */
    abstract boolean allBelowWait();

    /** Whether the calling thread executes this scope's code. */
    abstract boolean isOwnThread();

    /** Whether its own thread waits for what is below it, which a stop ends: no interrupt is needed. Called under the lock. */
    abstract void ownThreadJoins(boolean now);

    /** Called under the lock before the listener is told. */
    abstract void beginsOrEndsToWait(boolean now);

    /** Called under the lock: after the listener was told that it waits, and before it is told that it does no longer. */
    abstract void waitsOrNoLonger(boolean now);

    /** Tells {@code listener} under the lock when everything here waits for people, and when that is over. */
    public void onWaits(Consumer<Boolean> listener) {
        onWaits = listener;
    }

    /** Whether this waits for people, and nothing else goes on here or below. */
    public boolean waits() {
        return waits;
    }

    /** Whether its own code has asked people, and waits for the answer. Called under the lock. */
    public void asks(boolean value) {
        asks = value;
        recheck();
    }

    /**
     * Its own code waits for what is below it. Code on other threads is not counted: nobody knows what else goes on there.
     *
     * @param over whether it will go on at once; called under the lock
     */
    public void joins(BooleanSupplier over) {
        guarded(() -> {
            if (isOwnThread()) {
                joined = over;
                ownThreadJoins(true);
                recheck();
            }
        });
    }

    /** Its own code waits for that no longer. */
    public void joinsNoLonger() {
        guarded(() -> {
            if (isOwnThread()) {
                joined = null;
                ownThreadJoins(false);
                recheck();
            }
        });
    }

    /** Its own code is over, and only what is below it goes on. Called under the lock. */
    void joinsFromHereOn() {
        joined = () -> false;
        recheck();
    }

    /** Something has changed that decides whether this waits for people. Called under the lock. */
    void recheck() {
        var now = mayWait() && (asks || (joined != null && !joined.getAsBoolean() && allBelowWait()));
        if (now == waits) {
            return;
        }
        waits = now;
        beginsOrEndsToWait(now);
        if (!now) {
            // What is above goes on first, and says so first.
            waitsOrNoLonger(false);
        }
        if (onWaits != null) {
            onWaits.accept(now);
        }
        changed.signalAll();
        if (now) {
            waitsOrNoLonger(true);
        }
    }
}
