package dev.rein.internal.stop;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A tree's lock as one node of it uses it, with a condition of the node's own to wait for. */
abstract class TreeMonitor {
    final ReentrantLock lock;
    final Condition changed;

    TreeMonitor(ReentrantLock lock) {
        this.lock = lock;
        this.changed = lock.newCondition();
    }

    public ReentrantLock lock() {
        return lock;
    }

    public final void guarded(Runnable action) {
        lock.lock();
        try {
            action.run();
        } finally {
            lock.unlock();
        }
    }

    /** Does something under the tree's lock. */
    public <T extends @Nullable Object> T locked(Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }

    /** Wakes what waits for this node's condition. */
    public void signal() {
        guarded(changed::signalAll);
    }

    /**
     * Waits for a condition over what the lock guards, on a thread that is not a run's own.
     *
     * @throws InterruptedException if that is interrupted
     */
    public boolean awaitInterruptibly(BooleanSupplier condition, long deadline) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!condition.getAsBoolean()) {
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
