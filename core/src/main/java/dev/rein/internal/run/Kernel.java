package dev.rein.internal.run;

import dev.rein.cancel.CancelKind;
import dev.rein.cancel.CancelRequest;
import dev.rein.internal.Ids;
import dev.rein.internal.event.ListenerChannel;
import dev.rein.internal.pause.ResumedRun;
import dev.rein.internal.stop.Durations;
import dev.rein.internal.stop.ShutdownHook;
import dev.rein.internal.storing.ProcessLease;
import dev.rein.internal.storing.ProcessRuns;
import dev.rein.internal.storing.RunsElsewhere;
import dev.rein.internal.storing.SharedStores;
import dev.rein.run.CallInterceptor;
import dev.rein.run.CancelResult;
import dev.rein.run.CancelResult.Outcome;
import dev.rein.run.Decision;
import dev.rein.run.LiveRun;
import dev.rein.run.Requirement;
import dev.rein.run.RunInfo;
import dev.rein.run.RunListener;
import dev.rein.run.RunRejectedException;
import dev.rein.run.RunRejectedException.Reason;
import dev.rein.run.RunStatus;
import dev.rein.run.TypeRef;
import dev.rein.runtime.RunHandle;
import dev.rein.runtime.RunSelector;
import dev.rein.runtime.RunStream;
import dev.rein.session.SessionStore;
import dev.rein.session.StoredRun;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All runs of one {@link dev.rein.runtime.Runs}, with the limits that they share. Thread-safe. */
public final class Kernel implements ProcessRuns {
    private static final Logger log = LoggerFactory.getLogger(Kernel.class);
    private static final Duration SHUTDOWN_WAIT = Duration.ofSeconds(10);

    private final ProcessEnvironment environment = ProcessEnvironment.shared();
    private final RunRegistry registry = new RunRegistry();
    private final Admission admission = new Admission(registry, environment.interrupts()::execute);
    private final SharedStores stores = new SharedStores(this);
    private final RunResumer continuing = new RunResumer(this);
    private final ShutdownHook shutdownHook = new ShutdownHook(this::shutDown);
    private final List<Runnable> whenEnding = new CopyOnWriteArrayList<>();
    private volatile Duration drainAtExit = Duration.ZERO;
    private volatile List<RunListener> listeners = List.of();

    /** The channels of the listeners of all runs; those of other kernels are of no concern. Guarded by itself. */
    private final Set<ListenerChannel> channels = Collections.newSetFromMap(new WeakHashMap<>());

    private volatile List<CallInterceptor> interceptors = List.of();

    public ProcessEnvironment environment() {
        return environment;
    }

    /** Bounds the background runs that work at once, and those that wait for that. */
    public void limit(int maxWorking, int maxWaiting) {
        admission.limit(maxWorking, maxWaiting);
    }

    /** Stops as many background runs, the lowest priority first, as it takes for {@code count} to begin at once. */
    public List<CancelResult> preempt(int count, CancelRequest request) {
        return admission.preempt(count, request);
    }

    List<RunListener> listeners() {
        return listeners;
    }

    /** Notes the listeners of a run: {@link #close} waits until they are notified. */
    void observedBy(List<RunListener> runListeners) {
        for (var listener : runListeners) {
            if (listener instanceof ListenerChannel channel) {
                synchronized (channels) {
                    channels.add(channel);
                }
            }
        }
    }

    List<CallInterceptor> interceptors() {
        return interceptors;
    }

    /**
     * Adds a listener for all runs that start from now on.
     *
     * @return removes it again
     */
    public synchronized Runnable add(RunListener listener) {
        var channel = ListenerChannel.of(listener);
        listeners = with(listeners, channel);
        return () -> remove(channel);
    }

    private synchronized void remove(RunListener channel) {
        listeners = without(listeners, channel);
    }

    /**
     * Adds an interceptor for the calls of all runs that start from now on.
     *
     * @return removes it again
     */
    public synchronized Runnable add(CallInterceptor interceptor) {
        interceptors = with(interceptors, interceptor);
        return () -> remove(interceptor);
    }

    private synchronized void remove(CallInterceptor interceptor) {
        interceptors = without(interceptors, interceptor);
    }

    private static <T> List<T> with(List<T> all, T added) {
        return Stream.concat(all.stream(), Stream.of(added)).toList();
    }

    /** The list without the first occurrence of an object. */
    @SuppressWarnings("ReferenceEquality") // equals would be code of the user's
    private static <T> List<T> without(List<T> all, T removed) {
        var rest = new ArrayList<>(all);
        for (var i = 0; i < rest.size(); i++) {
            if (rest.get(i) == removed) {
                rest.remove(i);
                break;
            }
        }
        return List.copyOf(rest);
    }

    public SharedStores stores() {
        return stores;
    }

    /** A component uses a store: if others share it, they are looked after from now on. */
    public void uses(SessionStore store) {
        stores.of(store);
    }

    // ---- starting

    /** Starts a run in the background, at once or when there is room. */
    public Run start(RunPlan plan) {
        return start(plan, true);
    }

    private Run start(RunPlan plan, boolean background) {
        var run = prepare(plan, background);
        run.launch();
        return run;
    }

    /** Starts a run and waits for it. */
    public Answer run(RunPlan plan) {
        return Answer.await(start(plan, false));
    }

    /** Starts a run whose owner sets the pace. */
    public OwnedStream stream(RunPlan plan) {
        var run = prepare(plan, false);
        var stream = run.ownerStream();
        run.launch();
        return new OwnedStream(run, stream);
    }

    /**
     * Executes a durable run that this process has claimed.
     *
     * @param plan see {@link RunPlan#claimed}
     * @throws RuntimeException if it is refused; its row is unchanged
     */
    public Run execute(RunPlan plan) {
        var claim = Objects.requireNonNull(plan.claim());
        var resumed = ResumedRun.ofCheckpoint(claim.run(), claim.place().checkpoints());
        var run = prepare(resumed == null ? plan : RunResumer.resuming(plan, resumed), false, null);
        run.launch();
        return run;
    }

    /** @throws dev.rein.run.RunRejectedException if no more runs are started, because the application is ending */
    public void requireOpen() {
        admission.refuseIfClosed(true);
    }

    /** A live run; null if this process has none of that id. */
    public @Nullable Run liveRun(String runId) {
        return registry.find(runId);
    }

    Run prepare(RunPlan plan, boolean background) {
        var options = plan.options();
        if (options.durability() != null) {
            throw new IllegalArgumentException(
                    "the options are those of a durable run, which has no caller that waits for it, streams it or is"
                            + " given a typed value: start it with start(input, options)");
        }
        var caller = options.parent() instanceof Context context ? context : CurrentRun.get();
        var parent = plan.resumed() == null ? caller : null;
        // A run below another one belongs to the kernel of that.
        return parent == null
                ? prepare(plan, background, null)
                : parent.run().kernel().prepare(plan, background, parent);
    }

    private Run prepare(RunPlan given, boolean background, @Nullable Context parent) {
        admission.refuseIfClosed(parent == null);
        refuseIfAbandoned(given);
        hookShutdown();
        var options = given.options();
        var left = parent == null ? null : parent.resuming();
        var plan = left == null ? given : RunResumer.resuming(given, left);
        var asked = left == null ? options.runId() : left.row().runId();
        var run = new Run(this, plan, asked == null ? Ids.ofRun() : asked, parent);
        var resumed = plan.resumed();
        if (resumed != null) {
            run.delivery().restore(resumed.row());
            run.progress(resumed.progress());
        }
        if (run.isLate()) {
            new RunCompletion(run).refuse(null);
            return run;
        }
        admission.enter(run, background);
        if (left != null) {
            left.markStarted();
        }
        // Only now it is certain that the id is this run's.
        registry.takeRemembered(run).forEach(run::cancel);
        return run;
    }

    private void refuseIfAbandoned(RunPlan plan) {
        if (environment.isHealthy()) {
            return;
        }
        for (var subtask : plan.subtasks()) {
            if (environment.hasAbandoned(subtask)) {
                throw new RunRejectedException(
                        Reason.TOO_MANY_ABANDONED,
                        environment.abandonedThreads()
                                + " threads that would not stop are still running, some of them in " + subtask
                                + ": make it look at its Cancellation, and restart the process");
            }
        }
    }

    private void hookShutdown() {
        try {
            shutdownHook.need();
        } catch (IllegalStateException e) {
            throw new RunRejectedException(Reason.CLOSED, "the process is ending: it starts no more runs", e);
        }
    }

    // ---- ending

    void ended(Run run) {
        admission.leave(run);
    }

    /** The run belongs to another process: before its end here is seen, its id stands for the run there. */
    void givenAway(Run run) {
        registry.withdraw(run);
    }

    // ---- pausing

    /** A run waits for people: its row says so, and another may work in its place. Called under the lock of its tree. */
    void paused(Run run) {
        storeNow(run);
        admission.pause(run);
    }

    /** It goes on. Called under the lock of its tree. */
    void continued(Run run) {
        storeNow(run);
        admission.resume(run);
    }

    private static void storeNow(Run run) {
        var row = run.record();
        if (row != null) {
            row.touchNow();
        }
    }

    /**
     * Gives a run, or those below it, what they wait for; see {@link RunResumer#decide}.
     *
     * @param type the type that the caller expects an answer of; null to expect none
     */
    public Run decide(String runId, @Nullable TypeRef<?> type, List<Decision> decisions, RunPlan.Again again) {
        return continuing.decide(runId, type, decisions, again);
    }

    /** Has questions of a run time out, on a thread of its own: the store may have to answer first. */
    void expire(Run run, List<Requirement> questions) {
        Thread.ofVirtual().name("rein-timeout-" + run.id()).start(() -> continuing.expire(run, questions));
    }

    /** The same, with a stream of what follows. */
    public OwnedStream decideAndStream(
            String runId, @Nullable TypeRef<?> type, List<Decision> decisions, RunPlan.Again again) {
        return continuing.decideAndStream(runId, type, decisions, again);
    }

    /** The same, and waits until the run has ended or is paused again. */
    public Answer decideAndAwait(String runId, TypeRef<?> type, List<Decision> decisions, RunPlan.Again again) {
        return Answer.await(decide(runId, type, decisions, again));
    }

    /** Has an action performed when this kernel begins to drain or to close; possibly more than once. It returns at once. */
    public void whenEnding(Runnable action) {
        whenEnding.add(action);
    }

    public void drainAtExit(Duration atMost) {
        drainAtExit = atMost;
    }

    /** Whether the end of the JVM ends the runs. */
    public void shutdownHook(boolean on) {
        shutdownHook.enable(on);
    }

    /** The process ends. */
    void shutDown() {
        if (drainAtExit.isPositive()) {
            drain(drainAtExit);
        }
        close(SHUTDOWN_WAIT);
    }

    /** Refuses further root runs and waits for the live ones that work. @return the root runs that have not ended */
    public List<LiveRun> drain(Duration atMost) {
        whenEnding.forEach(Runnable::run);
        admission.drain();
        var deadline = System.nanoTime() + Durations.nanos(atMost);
        Run late;
        do {
            late = awaitEnd(List.copyOf(registry.all()), Duration.ofNanos(deadline - System.nanoTime()));
            // A paused run may have been resumed meanwhile.
        } while (late == null && isAnyWorking() && System.nanoTime() < deadline);
        return live(Run::isRoot);
    }

    private boolean isAnyWorking() {
        return live(Run::isRoot).stream().anyMatch(run -> run.status() != RunStatus.PAUSED);
    }

    public boolean close(Duration atMost) {
        whenEnding.forEach(Runnable::run);
        admission.close();
        var runs = List.copyOf(registry.all());
        var deadline = System.nanoTime() + Durations.nanos(atMost);
        var request = CancelRequest.now().kind(CancelKind.SHUTDOWN);
        var released = stores.releasePaused();
        // Whatever the stores do: those that work stop first.
        cancelWhere(run -> !released.contains(run.id()), request);
        released.await(Duration.ofNanos((deadline - System.nanoTime()) / 2));
        cancelWhere(_ -> true, request);
        var late = awaitEnd(runs, Duration.ofNanos(deadline - System.nanoTime()));
        if (late != null) {
            log.warn("run {} has not ended in time", late.id());
            return false;
        }
        stores.deregister(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
        flushListeners(Duration.ofNanos(deadline - System.nanoTime()));
        shutdownHook.release();
        return true;
    }

    @Override
    public void storeCloses(ProcessLease lease) {
        var deadline = System.nanoTime() + SHUTDOWN_WAIT.toNanos();
        var request = CancelRequest.now().kind(CancelKind.SHUTDOWN).reason("its store was closed");
        var mine = registry.all().stream().filter(lease::owns).toList();
        var released = lease.releasePaused();
        var stopped = mine.stream().filter(run -> !released.contains(run.id())).toList();
        stopped.forEach(run -> run.cancelHere(request));
        released.await(Duration.ofNanos((deadline - System.nanoTime()) / 2));
        mine.forEach(run -> run.cancelHere(request));
        var late = awaitEnd(mine, Duration.ofNanos(deadline - System.nanoTime()));
        lease.awaitWrites(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
        lease.deregister(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
        if (!stopped.isEmpty()) {
            log.warn(
                    "a store was closed while {} runs were live, {} the first: they were stopped{}",
                    stopped.size(),
                    stopped.getFirst().id(),
                    late == null ? "" : ", but run " + late.id() + " has not ended in time");
        }
    }

    private void flushListeners(Duration atMost) {
        List<ListenerChannel> used;
        synchronized (channels) {
            used = List.copyOf(channels);
        }
        try {
            ListenerChannel.flush(used, atMost);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits until runs have ended, or wait for people. @return the first one that did not in time; null for none */
    private static @Nullable Run awaitEnd(List<Run> runs, Duration atMost) {
        var deadline = System.nanoTime() + Durations.nanos(atMost);
        for (var run : runs) {
            try {
                run.await(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
            } catch (TimeoutException e) {
                return run;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return run;
            }
        }
        return null;
    }

    // ---- stopping

    /** Stops a run that the selector selects. To the caller every other run is unknown. */
    public CancelResult cancel(String runId, CancelRequest request, RunSelector selector) {
        Objects.requireNonNull(runId, "runId is null: give the id of a run");
        Objects.requireNonNull(request, "request is null: give one, such as CancelRequest.now()");
        Objects.requireNonNull(selector, "selector is null: give one, such as RunSelector.all()");
        var run = live(runId, selector);
        if (run != null) {
            return run.cancel(request);
        }
        var status = registry.endedStatus(runId, selector);
        if (status != null) {
            return new CancelResult(runId, Outcome.ALREADY_FINISHED, status, null, null, null);
        }
        registry.remember(runId, selector, request);
        run = live(runId, selector);
        if (run != null) {
            // It has come in between. If it has not taken the stop itself, it is applied here.
            var kept = registry.takeRemembered(run);
            return kept.isEmpty()
                    ? run.cancel(request)
                    : kept.stream().map(run::cancel).toList().getLast();
        }
        var elsewhere = stores.cancel(runId, request, selector);
        if (elsewhere.isPresent() && elsewhere.get().outcome() != Outcome.REMEMBERED) {
            registry.forget(runId, selector);
        }
        return elsewhere.orElseGet(() -> new CancelResult(runId, Outcome.REMEMBERED, null, null, null, null));
    }

    private @Nullable Run live(String runId, RunSelector selector) {
        var run = registry.find(runId);
        return run != null && run.identity().isSelectedBy(selector) ? run : null;
    }

    /** Stops the root runs that fit; those below them follow. */
    public List<CancelResult> cancelWhere(Predicate<Run> fits, CancelRequest request) {
        var results = new ArrayList<CancelResult>();
        for (var run : registry.all()) {
            if (run.isRoot() && fits.test(run)) {
                results.add(run.cancelHere(request));
            }
        }
        return results;
    }

    /** The same for runs that a selector selects, and for such runs of other processes, in the stores that they share. */
    public List<CancelResult> cancelEverywhere(RunSelector selector, CancelRequest request) {
        Objects.requireNonNull(request, "request is null: give one, such as CancelRequest.now()");
        Objects.requireNonNull(selector, "selector is null: give one, such as RunSelector.all()");
        var results = cancelWhere(run -> run.identity().isSelectedBy(selector), request);
        results.addAll(stores.elsewhere().cancel(selector, request));
        return results;
    }

    /** The live runs of other processes. */
    public RunsElsewhere elsewhere() {
        return stores.elsewhere();
    }

    @Override
    public void endedForTheDead(List<StoredRun> ended) {
        for (var run : ended) {
            var info = new RunInfo(
                    run.runId(),
                    run.rootRunId(),
                    run.parentRunId(),
                    run.source(),
                    run.componentId(),
                    null,
                    run.sessionId(),
                    run.userId(),
                    null,
                    run.metadata(),
                    run.createdAt());
            for (var listener : listeners) {
                listener.lostRunEnded(info, run.status(), run.cause());
                if (listener instanceof ListenerChannel channel) {
                    channel.wake();
                }
            }
        }
    }

    // ---- looking

    @Override
    public @Nullable Run live(String runId) {
        return registry.find(runId);
    }

    @Nullable
    RunStatus endedStatus(String runId) {
        return registry.endedStatus(runId);
    }

    @Override
    public List<Run> liveRuns() {
        return List.copyOf(registry.all());
    }

    public List<LiveRun> live(Predicate<Run> fits) {
        return registry.all().stream()
                .filter(fits)
                .map(Run::live)
                .sorted(Comparator.comparing(LiveRun::createdAt))
                .toList();
    }

    public Optional<LiveRun> find(String runId) {
        return Optional.ofNullable(registry.find(runId)).map(Run::live);
    }

    public Optional<RunHandle> handle(String runId) {
        return Optional.ofNullable(registry.find(runId));
    }

    /** A run and the stream of its owner. */
    public record OwnedStream(Run run, RunStream stream) {}
}
