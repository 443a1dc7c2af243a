package dev.rein.runtime;

import dev.rein.cancel.CancelRequest;
import dev.rein.internal.durable.DurableRuns;
import dev.rein.internal.run.Kernel;
import dev.rein.internal.storing.PendingWrites;
import dev.rein.run.CallInterceptor;
import dev.rein.run.CancelResult;
import dev.rein.run.LiveRun;
import dev.rein.run.RunListener;
import dev.rein.run.RunStatus;
import dev.rein.session.SessionStore;
import dev.rein.session.StoredRun;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The live runs of an application, with the limits, listeners and shutdown that they share. Components use {@link #shared()}
 * unless they are built with {@link ComponentBuilder#runs}. A process may have several, which do not see each other: each has
 * its own live runs and ids, sessions' turns, limits and shutdown. The process as a whole has one count of {@linkplain
 * #abandonedThreads() abandoned threads} and of {@linkplain #pendingWrites() writes}, and one {@linkplain #watchdog watchdog}.
 * Thread-safe.
 *
 * {@snippet :
 * try (var runs = Runs.create()) {
 *     var agent = Agent.builder().runs(runs).model(model).build();
 *     agent.start("Go");
 * } // cancels what is still live, and waits for it
 * }
 */
public final class Runs implements AutoCloseable {
    private static final Runs SHARED = new Runs();

    private final Kernel kernel = new Kernel();
    private final DurableRuns durable = new DurableRuns(kernel);

    private Runs() {}

    /**
     * The registration of a listener or an interceptor. {@link #close()} removes it for runs that start afterwards; runs that
     * have started keep it. Closing it again has no effect.
     */
    public interface Registration extends AutoCloseable {
        @Override
        void close();
    }

    /** Returns the runs of all components that were built without {@link ComponentBuilder#runs}. */
    public static Runs shared() {
        return SHARED;
    }

    /** Creates runs that are independent of all others; close them when the application ends before its process does. */
    public static Runs create() {
        return new Runs();
    }

    DurableRuns durable() {
        return durable;
    }

    Kernel kernel() {
        return kernel;
    }

    /** Returns all live runs, including child runs, oldest first. */
    public List<LiveRun> live() {
        return kernel.live(run -> true);
    }

    public List<LiveRun> liveInSession(String sessionId) {
        return kernel.live(run -> sessionId.equals(run.sessionId()));
    }

    public List<LiveRun> liveOfUser(String userId) {
        return kernel.live(run -> userId.equals(run.userId()));
    }

    public Optional<LiveRun> find(String runId) {
        return kernel.find(runId);
    }

    /** Returns the handle of a live run. */
    public Optional<RunHandle> handle(String runId) {
        return kernel.handle(runId);
    }

    /** Stops a run, of this process or of another one that shares a store; see {@link Component#cancel}. */
    public CancelResult cancel(String runId, CancelRequest request) {
        return kernel.cancel(runId, request, RunSelector.all());
    }

    /**
     * Stops a run if it is selected, for a caller who must not stop others, such as one user of a server. A run that is not
     * selected is treated as unknown: it is not stopped, and the result tells nothing about it. If a selected run with this id
     * starts soon, it is cancelled before it works; a start that is rejected changes no other run.
     *
     * @param runId the id of the run
     * @param request the request
     * @param selector selects the runs that the caller may stop
     */
    public CancelResult cancel(String runId, CancelRequest request, RunSelector selector) {
        return kernel.cancel(runId, request, selector);
    }

    /**
     * Stops the root runs that a selector selects, of this process and of all others that share a store with it. Of another
     * process at most 10,000 runs of each store are stopped. If a store does not answer, its runs go on; the log says so.
     *
     * @return the results, one for each run
     */
    public List<CancelResult> cancel(RunSelector selector, CancelRequest request) {
        return kernel.cancelEverywhere(selector, request);
    }

    /**
     * The same, but leaves the runs of this process alone.
     *
     * @return the results, one for each run
     */
    public List<CancelResult> cancelElsewhere(RunSelector selector, CancelRequest request) {
        return kernel.elsewhere().cancel(selector, request);
    }

    /** Stops the root runs of a session, in all processes; see {@link #cancel(RunSelector, CancelRequest)}. */
    public List<CancelResult> cancelSession(String sessionId, CancelRequest request) {
        return cancel(
                RunSelector.all().session(Objects.requireNonNull(sessionId, "sessionId is null: give one")), request);
    }

    /** Stops the root runs of a user, in all processes; see {@link #cancel(RunSelector, CancelRequest)}. */
    public List<CancelResult> cancelUser(String userId, CancelRequest request) {
        return cancel(RunSelector.all().user(Objects.requireNonNull(userId, "userId is null: give one")), request);
    }

    /**
     * Stops every root run of this process. To stop those of other processes too, use {@link #cancel(RunSelector,
     * CancelRequest)} with {@link RunSelector#all()}.
     *
     * @return the results, one for each run
     */
    public List<CancelResult> cancelAll(CancelRequest request) {
        return kernel.cancelWhere(run -> true, request);
    }

    /**
     * Returns runs that have not ended and are not in this process, from the stores that it shares with others, oldest first: the
     * runs of other processes, and paused ones that no process has. Each has what identifies it, its status as it was last stored,
     * and its owner; input, text and messages are left out.
     *
     * @param selector selects the runs
     * @param children whether to include runs that are part of others
     * @param most the maximum number of runs, from 1 to 10,000
     * @throws IllegalStateException if a store does not answer within some seconds
     */
    public List<StoredRun> liveElsewhere(RunSelector selector, boolean children, int most) {
        return kernel.elsewhere().live(selector, children, most);
    }

    /**
     * Returns the status of runs, as stored in the stores that this process shares with others. Runs that no store has are left
     * out.
     *
     * @throws IllegalStateException if a store does not answer within some seconds
     */
    public Map<String, RunStatus> storedStatuses(Collection<String> runIds) {
        return kernel.elsewhere().statuses(runIds);
    }

    /**
     * Follows a run that is not in this process, in the stores that it shares with others. The run's process passes its events on
     * with a delay of some tens of milliseconds, first those that it has in memory. Events that it does not have any more are
     * those that are {@linkplain ComponentBuilder#storeEvents stored}. The end of the run is told in any case.
     *
     * @param runId the id of the run
     * @param afterIndex the index of the last event to leave out; -1 for none
     * @return the events; empty if no store has the run
     * @throws IllegalStateException if a store does not answer within some seconds
     */
    public Optional<EventStream> eventsElsewhere(String runId, long afterIndex) {
        return kernel.elsewhere().events(runId, afterIndex);
    }

    /**
     * Uses a store that other processes share, before a component with this store is built or a run is stored there: finds their
     * runs, and ends those of processes that have died. Idempotent; does nothing for other stores.
     */
    public void share(SessionStore store) {
        kernel.uses(Objects.requireNonNull(store, "store is null: give one"));
    }

    /**
     * Sets the maximum number of concurrent runs started by {@code start()}; unlimited by default. Further runs wait in a
     * queue as PENDING, higher {@link RunOptions#priority} first, and can be cancelled there; {@link Limits#queue} limits
     * their wait. Paused runs do not count, and child runs do not queue.
     *
     * @param working the maximum number of working runs, at least 1
     * @param queued the maximum number of runs that wait, for a slot or for the turn of their session, at least 0; further runs
     *     are rejected with {@link dev.rein.run.RunRejectedException.Reason#QUEUE_FULL}
     */
    public void maxConcurrentRuns(int working, int queued) {
        if (working < 1 || queued < 0) {
            throw new IllegalArgumentException("maxConcurrentRuns is " + working + " with a queue of " + queued
                    + ": give at least 1, and a queue of at least 0");
        }
        kernel.limit(working, queued);
    }

    /**
     * Cancels working background runs so that {@code count} further ones can start at once: the lowest {@link
     * RunOptions#priority} first, and the youngest first among runs with the same priority. Without {@link
     * #maxConcurrentRuns}, {@code count} runs are cancelled.
     *
     * @return the results, one for each cancelled run
     */
    public List<CancelResult> preempt(int count) {
        return kernel.preempt(count, CancelRequest.now().reason("room was made for other runs"));
    }

    /**
     * Executes the durable runs of a component from now on, whichever process has started them; see {@link #executeDurableRuns(Component,
     * int)}. There is no limit beside {@link #durableSlots}.
     */
    public Registration executeDurableRuns(Component component) {
        return executeDurableRuns(component, Integer.MAX_VALUE);
    }

    /**
     * Executes the durable runs of a component from now on, whichever process has started them. A process that starts a durable run of the
     * component executes them too, without this call.
     *
     * @param component the component, with a store that has a queue
     * @param most the maximum number of its runs that work in this process at the same time, at least 1
     * @return the registration; when it is closed, no further runs of the component are claimed, and those that were go on
     * @throws IllegalArgumentException if the component has no store with a queue
     */
    public Registration executeDurableRuns(Component component, int most) {
        return executeDurableRuns(component, null, most);
    }

    /**
     * Executes the durable runs of a component that has no store of its own and is used with one of its caller's; see {@link
     * #executeDurableRuns(Component, int)}.
     *
     * @param store the store whose queue has them, if the component has none of its own; null for none
     */
    public Registration executeDurableRuns(Component component, @Nullable SessionStore store, int most) {
        if (most < 1) {
            throw new IllegalArgumentException("most is " + most + ": give at least 1");
        }
        return registration(durable.serve(component.durable(store), most));
    }

    /**
     * Returns a snapshot of the durable runs of a store that this process executes, without those that are part of them.
     *
     * @param store the store that has them in its queue
     */
    public List<LiveRun> executingDurableRuns(SessionStore store) {
        return live().stream()
                .filter(run -> run.parentRunId() == null && durable.executes(run.runId(), store))
                .toList();
    }

    /**
     * Sets how many durable runs of all components work in this process at the same time; 32 by default. They do not count for {@link
     * #maxConcurrentRuns}. Runs that work already go on.
     *
     * @param most the maximum number; 0 for a process that starts durable runs and executes none
     * @throws IllegalArgumentException if it is negative
     */
    public void durableSlots(int most) {
        if (most < 0) {
            throw new IllegalArgumentException("durableSlots is " + most + ": it must not be negative");
        }
        durable.slots(most);
    }

    /**
     * Adds a listener for all runs that start from now on.
     *
     * @return the registration, which removes the listener when it is closed
     */
    public Registration addListener(RunListener listener) {
        return registration(kernel.add(Objects.requireNonNull(listener, "the listener is null: give one")));
    }

    /**
     * Adds an interceptor for the calls of all runs that start from now on.
     *
     * @return the registration, which removes the interceptor when it is closed
     */
    public Registration addInterceptor(CallInterceptor interceptor) {
        return registration(kernel.add(Objects.requireNonNull(interceptor, "the interceptor is null: give one")));
    }

    private static Registration registration(Runnable remove) {
        var closed = new AtomicBoolean();
        return () -> {
            if (closed.compareAndSet(false, true)) {
                remove.run();
            }
        };
    }

    /** The number of abandoned threads of this process that are still running. */
    public int abandonedThreads() {
        return kernel.environment().abandonedThreads();
    }

    /** The number of terminal records of this process that are not persisted yet, including those that are retried. */
    public int pendingWrites() {
        return PendingWrites.waiting();
    }

    /**
     * The number of terminal records that were lost since the process started, because the store could not hold a value, was
     * closed too early, or too many records were waiting. The log names each of them.
     */
    public long lostWrites() {
        return PendingWrites.lost();
    }

    /**
     * Whether this process accepts runs without restrictions: false once too many threads were abandoned, sixteen per core.
     */
    public boolean healthy() {
        return kernel.environment().isHealthy();
    }

    /**
     * Enables or disables the watchdog of the virtual-thread scheduler, which is enabled by default. It raises the
     * parallelism of the scheduler while CPU-bound or native code of tools occupies all carrier threads. Disable it in a
     * host that tunes the scheduler itself. The process has one watchdog.
     */
    public void watchdog(boolean on) {
        kernel.environment().watchdog().enable(on);
    }

    /**
     * Rejects new root runs from now on, and waits for the live ones to end by themselves: the first half of a shutdown, for a
     * host that decides what happens to the rest. Runs that are part of live ones still start, and paused runs can still be
     * resumed. Paused runs are not waited for. If the calling thread is interrupted, the wait ends and the interrupt flag is
     * set again.
     *
     * {@snippet :
     * var late = runs.drain(Duration.ofSeconds(20));
     * late.forEach(run -> log.info("run {} of {} is cancelled", run.runId(), run.componentId()));
     * runs.close(Duration.ofSeconds(10));
     * }
     *
     * @param atMost the maximum time; zero not to wait
     * @return the root runs that have not ended, oldest first; those that wait for people among them, with the status PAUSED
     * @throws IllegalArgumentException if the time is negative
     */
    public List<LiveRun> drain(Duration atMost) {
        return kernel.drain(checkedDrain(atMost));
    }

    /**
     * Shuts down for good: rejects new runs, cancels the live ones with cause SHUTDOWN, and waits for their ends, at most for
     * the given time. Other {@code Runs} of the process continue. When the process is asked to terminate, a {@linkplain
     * #shutdownHook shutdown hook} does the same with 10 s.
     *
     * @return whether all runs have ended
     */
    public boolean close(Duration atMost) {
        return kernel.close(atMost);
    }

    /**
     * Sets how long live runs may continue when the process is asked to terminate, for example by Ctrl-C. The shutdown hook
     * {@linkplain #drain drains} them for that time, and then cancels the rest like {@link #close}. It does not run when the
     * process is killed or halted, or {@linkplain #shutdownHook turned off}.
     *
     * @param atMost the maximum time; zero, the default, to cancel at once
     * @throws IllegalArgumentException if the time is negative
     */
    public void drainAtExit(Duration atMost) {
        kernel.drainAtExit(checkedDrain(atMost));
    }

    private static Duration checkedDrain(Duration atMost) {
        if (atMost.isNegative()) {
            throw new IllegalArgumentException("drain is " + atMost + ": it must not be negative");
        }
        return atMost;
    }

    /**
     * Enables or disables the hook that ends these runs when the process is asked to terminate; enabled by default. All shutdown
     * hooks of a JVM run at once. A host that shuts down in an order of its own, such as an application server, disables this
     * one and calls {@link #drain} and {@link #close} at the right time.
     */
    public void shutdownHook(boolean on) {
        kernel.shutdownHook(on);
    }

    /** Calls {@link #close(Duration)} with 10 s. */
    @Override
    public void close() {
        close(Duration.ofSeconds(10));
    }
}
