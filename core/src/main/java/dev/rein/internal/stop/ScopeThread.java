package dev.rein.internal.stop;

import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The one thread that executes a scope's code: how it comes and leaves, waits in the kernel, and is interrupted. */
public abstract class ScopeThread extends CancellableWaits {
    /** Guarded by the lock. */
    final Worker worker = new Worker();

    /** Of a root: whether its thread was started, waits to begin, and the watchdog looks after it. Guarded by the lock. */
    private boolean attached;

    private boolean queues;
    private boolean watched;

    ScopeThread(TreeLock lock) {
        super(lock);
    }

    /** Whether it is at the top of its tree. Called under the lock. */
    abstract boolean isRoot();

    /** Whether it has not begun, and is not stopped. Called under the lock. */
    abstract boolean isPending();

    abstract boolean hasEnded();

    /** Whether its grace period is over. Called under the lock. */
    abstract boolean hasExpired();

    /**
     * Gives this node its thread, before that starts.
     *
     * @param abandonedAction concludes in place of the thread once that was abandoned; called without the lock
     */
    public void attach(Thread newThread, Runnable abandonedAction) {
        guarded(() -> {
            worker.attach(newThread, abandonedAction);
            attached = true;
            recount();
        });
    }

    /** Has the watchdog look while the tree works: not while it queues, or waits for people. Called under the lock. */
    void recount() {
        var works = isRoot() && attached && !queues && !hasEnded() && !isPaused();
        if (works != watched) {
            watched = works;
            if (environment().watchdog().works(works)) {
                afterUnlock(environment().watchdog()::wake);
            }
        }
    }

    /**
     * The thread has left the code. From here on nobody interrupts it.
     *
     * @return false if it had been abandoned, and somebody else concludes in its place
     */
    public boolean leave() {
        environment().watchdog().handedOn();
        lock.lock();
        try {
            if (worker.isBeingInterrupted()) {
                // It is on its way, and would reach the cleanup and the store.
                awaitUntil(() -> !worker.isBeingInterrupted() || hasExpired(), Long.MAX_VALUE, false);
            }
            var ours = worker.leave();
            if (!ours) {
                afterUnlock(() -> environment().abandoned(what(), -1));
            }
            changed.signalAll();
            return ours;
        } finally {
            lock.unlock();
            // One that has come must not reach them either.
            Thread.interrupted();
        }
    }

    /** On a thread that may be held up: a file lock that a virtual thread waits for holds up whoever interrupts that. */
    void interruptThread() {
        var thread = this.<@Nullable Thread>locked(() -> isCancelled() ? worker.claimInterrupt() : null);
        if (thread != null) {
            thread.interrupt();
            guarded(() -> {
                worker.interrupted();
                changed.signalAll();
            });
        }
    }

    @Override
    public boolean isOwnThread() {
        return worker.isCurrent();
    }

    @Override
    boolean ownThreadJoins(boolean now) {
        worker.waitsInKernel(now);
        return worker.takeOwedInterrupt();
    }

    /**
     * Waits for a condition over what the lock guards. The one wait of the kernel's own code; whoever makes the condition
     * true calls {@link TreeMonitor#signal()}. An interrupt does not end it, and is not lost.
     *
     * @param deadline as {@link System#nanoTime}; {@code Long.MAX_VALUE} for none
     * @param stoppable whether a stop ends it, by {@link dev.rein.cancel.CancelledException}
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
                if (lock.performCollected()) {
                    continue;
                }
                var before = mine && worker.waitsInKernel(true);
                queues(mine && isPending());
                try {
                    if (left == Long.MAX_VALUE) {
                        changed.await();
                    } else {
                        changed.awaitNanos(left);
                    }
                } catch (InterruptedException e) {
                    interrupted = true;
                } finally {
                    queues(false);
                    if (mine) {
                        worker.waitsInKernel(before);
                    }
                }
            }
        } finally {
            interrupted |= worker.takeOwedInterrupt();
            lock.unlock();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void queues(boolean now) {
        if (queues != now) {
            queues = now;
            recount();
        }
    }
}
