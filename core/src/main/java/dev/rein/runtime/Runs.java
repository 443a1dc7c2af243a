package dev.rein.runtime;

import dev.rein.cancel.CancelRequest;
import dev.rein.internal.run.Kernel;
import dev.rein.run.CancelResult;
import dev.rein.run.LiveRun;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** All live runs of this process. Thread-safe. */
public final class Runs {
    private Runs() {}

    /** Every live run, children included, oldest first. */
    public static List<LiveRun> live() {
        return Kernel.shared().live(run -> true);
    }

    public static List<LiveRun> liveInSession(String sessionId) {
        return Kernel.shared().live(run -> sessionId.equals(run.sessionId()));
    }

    public static List<LiveRun> liveOfUser(String userId) {
        return Kernel.shared().live(run -> userId.equals(run.userId()));
    }

    public static Optional<LiveRun> find(String runId) {
        return Kernel.shared().find(runId);
    }

    /** The handle of a live run. */
    public static Optional<RunHandle> handle(String runId) {
        return Kernel.shared().handle(runId);
    }

    /** Stops one run, also one of another process that shares a store with this one; see {@link Component#cancel}. */
    public static CancelResult cancel(String runId, CancelRequest request) {
        return Kernel.shared().cancel(runId, request);
    }

    /**
     * Stops the root runs of a session.
     *
     * @return one result per run
     */
    public static List<CancelResult> cancelSession(String sessionId, CancelRequest request) {
        return Kernel.shared().cancelWhere(run -> sessionId.equals(run.sessionId()), request);
    }

    /**
     * Stops the root runs of a user.
     *
     * @return one result per run
     */
    public static List<CancelResult> cancelUser(String userId, CancelRequest request) {
        return Kernel.shared().cancelWhere(run -> userId.equals(run.userId()), request);
    }

    /**
     * Stops every root run.
     *
     * @return one result per run
     */
    public static List<CancelResult> cancelAll(CancelRequest request) {
        return Kernel.shared().cancelWhere(run -> true, request);
    }

    /**
     * Bounds the runs begun by {@code start()} that work at once in this process. Others queue as PENDING, those of a higher
     * {@link RunOptions#priority} first, and can be stopped there at once; {@link Limits#queue} bounds their wait. Unbounded
     * unless called. A paused run does not count. Runs that are part of another do not queue.
     *
     * @param working how many may work, at least 1
     * @param queued how many may queue, at least 0; further ones are refused with {@link
     *     RunRejectedException.Reason#QUEUE_FULL}
     */
    public static void maxConcurrentRuns(int working, int queued) {
        if (working < 1 || queued < 0) {
            throw new IllegalArgumentException("maxConcurrentRuns is " + working + " with a queue of " + queued
                    + ": give at least 1, and a queue of at least 0");
        }
        Kernel.shared().limit(working, queued);
    }

    /**
     * Makes room for urgent runs: stops as many of the background runs that work as it takes for {@code count} more to begin
     * at once, those of the lowest {@link RunOptions#priority} first, and of one priority the youngest. Without {@link
     * #maxConcurrentRuns} there is always room, and this stops {@code count} of them.
     *
     * @return one result per stopped run
     */
    public static List<CancelResult> preempt(int count) {
        return Kernel.shared().preempt(count, CancelRequest.now().reason("room was made for other runs"));
    }

    /** How many threads that would not stop are still running. */
    public static int abandonedThreads() {
        return Kernel.shared().abandonedThreads();
    }

    /**
     * How many ends of runs are not in their store yet: on their way, or tried again and again because it does not take them.
     */
    public static int pendingWrites() {
        return Kernel.shared().pendingWrites();
    }

    /**
     * How many ends of runs were never stored since the process began: what they say no store could hold, their store was
     * closed first, or too much waited for it already. The log names each.
     */
    public static long lostWrites() {
        return Kernel.shared().lostWrites();
    }

    /**
     * Whether the process takes runs as it should: false once too many threads were abandoned (sixteen for each core).
     */
    public static boolean healthy() {
        return Kernel.shared().healthy();
    }

    /**
     * Turns the watchdog of the virtual-thread scheduler on or off. On by default: it raises the scheduler's parallelism
     * while CPU-bound or native code of tools holds every carrier thread. Turn it off in a host that tunes the scheduler
     * itself.
     */
    public static void watchdog(boolean on) {
        Kernel.shared().watchdog(on);
    }

    /**
     * Ends the runtime of this process: refuses new runs, cancels the live ones (cause SHUTDOWN) and waits for them, at most
     * {@code atMost}. A shutdown hook does the same with 10 s. Final.
     *
     * @return whether every run has ended
     */
    public static boolean close(Duration atMost) {
        return Kernel.shared().close(atMost);
    }

    /**
     * Lets live runs go on for a while when the process is told to end, such as by Ctrl-C: the shutdown hook refuses new runs
     * at once, waits so long for those that are live, and only then cancels the rest as {@link #close} does. Runs that wait
     * for people are not waited for. A kill or a halt of the process waits for nothing.
     *
     * @param atMost zero, as it is unless called, to cancel them at once
     */
    public static void drain(Duration atMost) {
        if (atMost.isNegative()) {
            throw new IllegalArgumentException("drain is " + atMost + ": it must not be negative");
        }
        Kernel.shared().drain(atMost);
    }

    /** {@link #close(Duration)} with 10 s. */
    public static boolean close() {
        return close(Duration.ofSeconds(10));
    }
}
