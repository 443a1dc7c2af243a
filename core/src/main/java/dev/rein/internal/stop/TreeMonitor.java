package dev.rein.internal.stop;

import java.util.concurrent.locks.Condition;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A tree's lock as one node of the tree uses it, with a condition of the node's own to wait for. Public as {@link Scope} is,
 * because the compiler adds a forwarding method for each public one that is inherited from a class that is not.
 */
public abstract class TreeMonitor {
    final TreeLock lock;
    final Condition changed;

    TreeMonitor(TreeLock lock) {
        this.lock = lock;
        this.changed = lock.newCondition();
    }

    public TreeLock lock() {
        return lock;
    }

    /** Runs {@code action} under the tree's lock. */
    public final void guarded(Runnable action) {
        lock.lock();
        try {
            action.run();
        } finally {
            lock.unlock();
        }
    }

    /** Computes something under the tree's lock. */
    public <T extends @Nullable Object> T locked(Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }

    /** Performs {@code action} once the calling thread has left the tree's lock; at once if it does not hold it. */
    public final void afterUnlock(Runnable action) {
        lock.afterUnlock(action);
    }

    /**
     * Checks that the calling thread may call user code.
     *
     * @throws IllegalStateException if it holds the tree's lock
     */
    public final void requireUnlocked() {
        lock.requireUnlocked();
    }

    /** Wakes what waits for this node's condition. */
    public void signal() {
        guarded(changed::signalAll);
    }

    /**
     * Waits for a condition over what the lock guards, on a thread that is not a run's own.
     *
     * @param deadline as {@link System#nanoTime}; {@code Long.MAX_VALUE} for none
     * @return false if the deadline passed first
     * @throws InterruptedException if the waiting thread is interrupted
     */
    public boolean awaitInterruptibly(BooleanSupplier condition, long deadline) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!condition.getAsBoolean()) {
                if (lock.performCollected()) {
                    continue;
                }
                if (deadline == Long.MAX_VALUE) {
                    changed.await();
                } else if (changed.awaitNanos(deadline - System.nanoTime()) <= 0) {
                    return condition.getAsBoolean();
                }
            }
            return true;
        } finally {
            lock.unlock();
        }
    }
}
