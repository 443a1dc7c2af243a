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

    /** Returns all live runs, including child runs, oldest first. */
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

    /** Returns the handle of a live run. */
    public static Optional<RunHandle> handle(String runId) {
        return Kernel.shared().handle(runId);
    }

    /** Stops a run, of this process or of another one that shares a store; see {@link Component#cancel}. */
    public static CancelResult cancel(String runId, CancelRequest request) {
        return Kernel.shared().cancel(runId, request);
    }

    /**
     * Stops the root runs of a session.
     *
     * @return the results, one for each run
     */
    public static List<CancelResult> cancelSession(String sessionId, CancelRequest request) {
        return Kernel.shared().cancelWhere(run -> sessionId.equals(run.sessionId()), request);
    }

    /**
     * Stops the root runs of a user.
     *
     * @return the results, one for each run
     */
    public static List<CancelResult> cancelUser(String userId, CancelRequest request) {
        return Kernel.shared().cancelWhere(run -> userId.equals(run.userId()), request);
    }

    /**
     * Stops every root run.
     *
     * @return the results, one for each run
     */
    public static List<CancelResult> cancelAll(CancelRequest request) {
        return Kernel.shared().cancelWhere(run -> true, request);
    }

    /**
     * Sets the maximum number of concurrent runs started by {@code start()}; unlimited by default. Further runs wait in a
     * queue as PENDING, higher {@link RunOptions#priority} first, and can be cancelled there; {@link Limits#queue} limits
     * their wait. Paused runs do not count, and child runs do not queue.
     *
     * @param working the maximum number of working runs, at least 1
     * @param queued the maximum number of runs that wait, for a slot or for the turn of their session, at least 0; further runs
     *     are rejected with {@link RunRejectedException.Reason#QUEUE_FULL}
     */
    public static void maxConcurrentRuns(int working, int queued) {
        if (working < 1 || queued < 0) {
            throw new IllegalArgumentException("maxConcurrentRuns is " + working + " with a queue of " + queued
                    + ": give at least 1, and a queue of at least 0");
        }
        Kernel.shared().limit(working, queued);
    }

    /**
     * Cancels working background runs so that {@code count} further ones can start at once: the lowest {@link
     * RunOptions#priority} first, and the youngest first among runs with the same priority. Without {@link
     * #maxConcurrentRuns}, {@code count} runs are cancelled.
     *
     * @return the results, one for each cancelled run
     */
    public static List<CancelResult> preempt(int count) {
        return Kernel.shared().preempt(count, CancelRequest.now().reason("room was made for other runs"));
    }

    /** The number of abandoned threads that are still running. */
    public static int abandonedThreads() {
        return Kernel.shared().abandonedThreads();
    }

    /**
     * The number of terminal records that are not persisted yet, including those that are retried.
     */
    public static int pendingWrites() {
        return Kernel.shared().pendingWrites();
    }

    /**
     * The number of terminal records that were lost since the process started, because the store could not hold a value, was
     * closed too early, or too many records were waiting. The log names each of them.
     */
    public static long lostWrites() {
        return Kernel.shared().lostWrites();
    }

    /**
     * Whether this process accepts runs without restrictions: false once too many threads were abandoned, sixteen per core.
     */
    public static boolean healthy() {
        return Kernel.shared().healthy();
    }

    /**
     * Enables or disables the watchdog of the virtual-thread scheduler, which is enabled by default. It raises the
     * parallelism of the scheduler while CPU-bound or native code of tools occupies all carrier threads. Disable it in a
     * host that tunes the scheduler itself.
     */
    public static void watchdog(boolean on) {
        Kernel.shared().watchdog(on);
    }

    /**
     * Shuts the runtime of this process down for good: rejects new runs, cancels the live ones with cause SHUTDOWN, and
     * waits for their ends, at most for the given time. A shutdown hook of the process does the same with 10 s.
     *
     * @return whether all runs have ended
     */
    public static boolean close(Duration atMost) {
        return Kernel.shared().close(atMost);
    }

    /**
     * Sets how long live runs may continue when the process is asked to terminate, for example by Ctrl-C. The shutdown hook
     * rejects new runs at once, waits for the live ones, and then cancels the rest like {@link #close}. It does not wait for
     * paused runs. It does not run when the process is killed or halted.
     *
     * @param atMost the maximum time; zero, the default, to cancel at once
     */
    public static void drain(Duration atMost) {
        if (atMost.isNegative()) {
            throw new IllegalArgumentException("drain is " + atMost + ": it must not be negative");
        }
        Kernel.shared().drain(atMost);
    }

    /** Shuts the runtime down like {@link #close(Duration)}, with 10 s. */
    public static boolean close() {
        return close(Duration.ofSeconds(10));
    }
}
