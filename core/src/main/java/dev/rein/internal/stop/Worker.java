package dev.rein.internal.stop;

import dev.rein.run.AbandonedThread;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that executes a scope's code: whether it may be interrupted, and whether it was left behind. Guarded by the
 * tree's lock.
 *
 * <pre>
 *   NONE --attach--> WORKING --leave--> NONE
 *                       \--abandon--> ABANDONED --leave--> NONE (and whoever took over goes on)
 * </pre>
 */
@SuppressWarnings("ReferenceEquality") // a thread is itself and nothing else
public final class Worker {
    private static final int MOST_FRAMES = 64;

    private @Nullable Thread thread;
    private @Nullable Runnable onAbandoned;
    private boolean waitsInKernel;
    private boolean exempt;
    private boolean interrupting;
    private boolean abandoned;

    /**
     * @param abandonedAction what {@link #takeOver()} calls
     */
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

    /** Whether there is a thread in the code that is still waited for. */
    boolean isWorking() {
        return thread != null && !abandoned;
    }

    /** Whether it is in a wait of the kernel's own, which a stop ends without an interrupt. */
    void waitsInKernel(boolean waits) {
        waitsInKernel = waits;
    }

    /** Lets the thread finish what it does if it is the one that asked for the stop: its cleanup is not interrupted. */
    void exemptIfCurrent() {
        exempt = isCurrent();
    }

    boolean canBeInterrupted() {
        return isWorking() && !exempt && !waitsInKernel;
    }

    /**
     * Claims the interrupt of the thread, which {@link #interrupted()} follows. It may block, as it closes the channel that
     * the thread is in: so it is done without the lock, on a thread that may be held up.
     *
     * @return the thread to interrupt; null if there is none, or somebody is at it
     */
    @Nullable
    Thread claimInterrupt() {
        if (interrupting || !canBeInterrupted()) {
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
    boolean comesBack() {
        return isWorking() && waitsInKernel;
    }

    /**
     * Leaves the thread behind, unless it only waits in the kernel.
     *
     * @param elsewhere where to interrupt it a last time
     * @return what to report; null if there is nothing to leave behind
     */
    @Nullable
    AbandonedThread abandon(String what, Consumer<Runnable> elsewhere) {
        if (thread == null || abandoned || waitsInKernel) {
            return null;
        }
        abandoned = true;
        if (!interrupting) {
            elsewhere.accept(thread::interrupt);
        }
        return describe(what, thread);
    }

    /** Has the work of an abandoned thread taken over. */
    void takeOver() {
        if (onAbandoned != null) {
            onAbandoned.run();
        }
    }

    public static AbandonedThread describe(String what, Thread thread) {
        var stack = Arrays.stream(thread.getStackTrace())
                .limit(MOST_FRAMES)
                .map(StackTraceElement::toString)
                .toList();
        return new AbandonedThread(what, thread.getName(), stack);
    }
}
