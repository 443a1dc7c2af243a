package dev.rein.internal.stop;

import dev.rein.run.AbandonedThread;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that executes a scope's code: whether it may be interrupted, and whether it was abandoned. Guarded by the
 * tree's lock.
 *
 * <pre>
 *   NONE --attach--> WORKING --leave--> NONE
 *                       \--abandon--> ABANDONED --leave--> NONE (and somebody else concludes in its place)
 * </pre>
 *
 * A WORKING thread that waits in the kernel is not interrupted: a stop ends that wait by itself. An interrupt that falls due
 * meanwhile is owed, and the thread receives it when it leaves the wait.
 */
@SuppressWarnings("ReferenceEquality") // a thread is itself and nothing else
public final class Worker {
    private static final int MOST_FRAMES = 64;

    private @Nullable Thread thread;
    private @Nullable Runnable onAbandoned;
    private boolean waitsInKernel;
    private boolean exempt;
    private boolean interrupting;
    private boolean interruptOwed;
    private boolean abandoned;

    /** @param abandonedAction concludes in place of the thread once that was abandoned */
    void attach(Thread newThread, Runnable abandonedAction) {
        thread = newThread;
        onAbandoned = abandonedAction;
    }

    /**
     * The thread has left the code.
     *
     * @return false if it had been abandoned
     */
    boolean leave() {
        thread = null;
        return !abandoned;
    }

    boolean isCurrent() {
        return thread == Thread.currentThread();
    }

    /** Whether a thread is in the code that was not abandoned. */
    boolean isWorking() {
        return thread != null && !abandoned;
    }

    /**
     * The thread begins or ends a wait in the kernel, which a stop ends without an interrupt.
     *
     * @return whether it was in such a wait before
     */
    boolean waitsInKernel(boolean waits) {
        var before = waitsInKernel;
        waitsInKernel = waits;
        return before;
    }

    /** Exempts the thread from interrupts if it is the one that asked for the stop: it may finish what it does. */
    void exemptIfCurrent() {
        exempt = isCurrent();
    }

    /** Whether an interrupt that is due now may be delivered now; if the thread waits in the kernel, it is owed. */
    boolean interruptIsDue() {
        if (!isWorking() || exempt) {
            return false;
        }
        interruptOwed |= waitsInKernel;
        return !waitsInKernel;
    }

    /** Whether the calling thread, which has just left a wait in the kernel, has to interrupt itself. */
    boolean takeOwedInterrupt() {
        if (!interruptOwed || waitsInKernel || !isCurrent()) {
            return false;
        }
        interruptOwed = false;
        return true;
    }

    /**
     * Claims the interrupt of the thread, which {@link #interrupted()} follows. It may block, as it closes the channel that
     * the thread is in: so it is done without the lock, on a thread that may be held up.
     *
     * @return the thread to interrupt; null if there is none, or somebody is at it
     */
    @Nullable
    Thread claimInterrupt() {
        if (interrupting || !interruptIsDue()) {
            return null;
        }
        interrupting = true;
        return thread;
    }

    void interrupted() {
        interrupting = false;
    }

    boolean isBeingInterrupted() {
        return interrupting;
    }

    /** Whether the thread is in a wait of the kernel's own, out of which it comes by itself. */
    boolean isWaitingInKernel() {
        return isWorking() && waitsInKernel;
    }

    /**
     * Abandons the thread, unless it only waits in the kernel.
     *
     * @return the thread; null if there is none to abandon
     */
    @Nullable
    Thread abandon() {
        if (!isWorking() || waitsInKernel) {
            return null;
        }
        abandoned = true;
        return thread;
    }

    /** Concludes in place of the abandoned thread. Called without the lock. */
    void concludeInItsPlace() {
        if (onAbandoned != null) {
            onAbandoned.run();
        }
    }

    /** What is reported of an abandoned thread. Called without the lock: it stops the thread for a moment. */
    public static AbandonedThread describe(String what, Thread thread) {
        assert TreeLock.noneIsHeld() : "a stack is taken under the lock of a tree";
        var stack = Arrays.stream(thread.getStackTrace())
                .limit(MOST_FRAMES)
                .map(StackTraceElement::toString)
                .toList();
        return new AbandonedThread(what, thread.getName(), stack);
    }
}
