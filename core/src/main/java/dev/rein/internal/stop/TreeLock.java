package dev.rein.internal.stop;

import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The lock that all scopes of a tree share. Everything that a decision leads to beyond the tree's own state (aborters,
 * interrupts, timers, reports) is collected while the lock is held and performed by its holder right after leaving it. So
 * the lock covers no executor, no timer and no user code, and is never held for long.
 */
public final class TreeLock extends ReentrantLock {
    private static final long serialVersionUID = 1L;

    /** Guarded by this lock. */
    private transient @Nullable StopEffects effects;

    /** Collects what the holder performs after leaving the lock. Called by the holder. */
    StopEffects effects() {
        var collected = effects;
        if (collected == null) {
            collected = new StopEffects();
            effects = collected;
        }
        return collected;
    }

    /** Performs {@code action} after the calling thread has left this lock: at once if it does not hold it. */
    public void afterUnlock(Runnable action) {
        if (isHeldByCurrentThread()) {
            effects().then(action);
        } else {
            action.run();
        }
    }

    /** Leaves the lock, and performs what was collected if this was the holder's outermost hold. */
    @Override
    public void unlock() {
        var collected = effects;
        if (collected == null || getHoldCount() != 1) {
            super.unlock();
            return;
        }
        effects = null;
        super.unlock();
        collected.perform();
    }

    /**
     * Performs what was collected before the holder waits for a condition, for which it leaves the lock: the condition may
     * depend on it.
     *
     * @return whether the lock was left meanwhile, so that everything has to be looked at again
     */
    boolean performCollected() {
        if (effects == null) {
            return false;
        }
        var holds = getHoldCount();
        for (var i = 0; i < holds; i++) {
            unlock();
        }
        for (var i = 0; i < holds; i++) {
            lock();
        }
        return true;
    }

    /**
     * Checks that user code may be called: never under the lock, which would let it hold up the stop of the whole tree.
     *
     * @throws IllegalStateException if the calling thread holds this lock
     */
    public void requireUnlocked() {
        if (isHeldByCurrentThread()) {
            throw new IllegalStateException("user code must not be called under the lock of a tree of runs");
        }
    }
}
