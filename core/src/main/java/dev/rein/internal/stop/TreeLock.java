package dev.rein.internal.stop;

import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The lock that all scopes of a tree share. Everything that a decision leads to beyond the tree's own state (aborters,
 * interrupts, timers, reports) is collected while the lock is held and performed by its holder right after leaving it. So
 * the lock covers no executor, no timer and no user code, and is never held for long.
 *
 * <p>Where assertions are enabled, as in tests, each thread counts the locks of trees that it holds, and executors and timers
 * refuse what is given to them under one.
 */
public final class TreeLock extends ReentrantLock {
    private static final long serialVersionUID = 1L;

    /** How many holds of such locks the thread has; counted only where assertions are enabled. */
    private static final ThreadLocal<Integer> HELD = ThreadLocal.withInitial(() -> 0);

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

    /** Whether the calling thread holds no lock of any tree. For assertions. */
    static boolean noneIsHeld() {
        return HELD.get() == 0;
    }

    private static boolean count(int change) {
        HELD.set(HELD.get() + change);
        return true;
    }

    @Override
    public void lock() {
        super.lock();
        assert count(1);
    }

    @Override
    public void lockInterruptibly() throws InterruptedException {
        super.lockInterruptibly();
        assert count(1);
    }

    @Override
    public boolean tryLock() {
        var locked = super.tryLock();
        assert !locked || count(1);
        return locked;
    }

    /** Leaves the lock, and performs what was collected if this was the holder's outermost hold. */
    @Override
    public void unlock() {
        var collected = effects;
        if (collected == null || getHoldCount() != 1) {
            super.unlock();
            assert count(-1);
            return;
        }
        effects = null;
        super.unlock();
        assert count(-1);
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
