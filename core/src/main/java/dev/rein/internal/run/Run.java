package dev.rein.internal.run;

import dev.rein.cancel.CancelKind;
import dev.rein.cancel.CancelRequest;
import dev.rein.internal.delivery.ChildRuns;
import dev.rein.internal.delivery.Delivery;
import dev.rein.internal.delivery.Meter;
import dev.rein.internal.delivery.Progress;
import dev.rein.internal.delivery.RunGuardrails;
import dev.rein.internal.delivery.SessionState;
import dev.rein.internal.delivery.StreamTimeouts;
import dev.rein.internal.event.EventEmitter;
import dev.rein.internal.event.EventLog;
import dev.rein.internal.event.ForegroundCaller;
import dev.rein.internal.event.ForegroundStream;
import dev.rein.internal.event.ObservedRun;
import dev.rein.internal.event.Subscription;
import dev.rein.internal.pause.DecisionCheck;
import dev.rein.internal.pause.PendingRequirements;
import dev.rein.internal.stop.Durations;
import dev.rein.internal.stop.Phase;
import dev.rein.internal.stop.Scope;
import dev.rein.internal.storing.RecordedRun;
import dev.rein.internal.storing.RunRecord;
import dev.rein.internal.storing.StoragePolicy;
import dev.rein.run.CancelResult;
import dev.rein.run.Decision;
import dev.rein.run.LiveRun;
import dev.rein.run.Requirement;
import dev.rein.run.RunFailure;
import dev.rein.run.RunOutput;
import dev.rein.run.RunStatus;
import dev.rein.run.event.EventMeta;
import dev.rein.run.event.Origin;
import dev.rein.run.event.RunEvent;
import dev.rein.runtime.CancelHook;
import dev.rein.runtime.EventStream;
import dev.rein.runtime.Limits;
import dev.rein.runtime.RunHandle;
import dev.rein.session.StoredRun;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One run: its scope, its events, what it has delivered, and its way to the end. Everything that changes is guarded by the
 * lock of its tree.
 */
public final class Run implements RunHandle, ObservedRun, RecordedRun {
    private final Kernel kernel;
    private final RunPlan plan;
    private final @Nullable Run parent;
    private final ForegroundCaller owner;
    private final RunIdentity identity;
    private final Scope scope;
    private final EventEmitter emitter;
    private final RunPause pausing;
    private final Limits limits;
    private final @Nullable RunRecord record;
    private final Tree tree;
    private final RunObservers observers;
    private final RunStart start = new RunStart(this);
    private final RunOutcome outcome;
    private final SessionState state;
    private final Context context;
    private final Delivery delivery;
    private final RunGuardrails guardrails;
    private final long firstIndex;

    private final ChildRuns childRuns;
    private final List<CancelHook> cleanups = new ArrayList<>(0);
    private List<StoredRun> earlier = List.of();

    /** @param calledBy the run it is part of, and the scope in it; null for a root */
    Run(Kernel kernel, RunPlan plan, String id, @Nullable Context calledBy) {
        this.kernel = kernel;
        this.plan = plan;
        var options = plan.options();
        var resumed = plan.resumed();
        this.identity = RunIdentity.of(plan, id, calledBy);
        var above = calledBy == null ? null : calledBy.run();
        // Before it joins a tree: this may run code of the user's.
        this.observers = RunObservers.of(identity, plan, kernel, above == null ? null : above.observers);
        var isStep =
                calledBy != null && calledBy.ownStep() != null && !plan.kind().hasSteps();
        var inTree = calledBy == null ? null : calledBy.scope().childRun(id, "run " + id, isStep);
        this.parent = inTree == null ? null : above;
        this.guardrails = new RunGuardrails(
                plan.guardrails(), above == null ? null : above.guardrails, plan.input(), resumed != null);
        this.childRuns = new ChildRuns(parent == null ? null : parent.childRuns);
        this.scope = inTree == null ? Scope.root(kernel.environment(), id, "run " + id) : inTree;
        var storing = StoragePolicy.of(plan.component(), options, parent == null ? null : parent.storing());
        this.record = storing == null
                ? null
                : new RunRecord(this, storing, kernel.environment().timers(), kernel.stores());
        var own = plan.component().limits().and(options.limits());
        this.limits = parent == null ? own : own.and(parent.limits);
        this.tree = parent == null ? Tree.of(scope, options.consumerStall(), plan.firstIndex()) : parent.tree;
        this.emitter = tree.emitter(this, calledBy);
        this.state = parent == null || calledBy == null ? new SessionState() : calledBy.state();
        var outer = parent == null ? null : parent.delivery;
        var meter = new Meter(scope, outer == null ? null : outer.meter(), own);
        this.delivery = new Delivery(scope, emitter, outer, meter, this::touched);
        this.pausing = new RunPause(this, tree.requirements(), own.pause());
        this.owner = new ForegroundCaller(
                this, scope, options, parent == null || calledBy == null ? null : calledBy.scope());
        this.context = Context.of(this, scope, state);
        this.outcome = new RunOutcome(record == null);
        this.firstIndex = scope.locked(() -> emitter.log().next());
        if (parent != null && calledBy != null) {
            scope.guarded(() -> {
                parent.delivery.toolStartedRun(calledBy.toolCallId(), id);
                childRuns.addAbove(id);
            });
        } else if (record != null) {
            tree.log().keptBy(record);
        }
        scope.onPauseChange(pausing::changed);
        if (above != null && inTree == null) {
            // Its parent has ended: there is no tree to join, and nothing may start in its name.
            scope.request(CancelRequest.now().kind(CancelKind.PARENT).reason("run " + above.id() + " had ended"));
        }
    }

    /** Whether a run is this one, or below it. */
    @Override
    public boolean covers(String runId) {
        return isRoot() || runId.equals(id()) || scope.locked(() -> childRuns.contains(runId));
    }

    // ---- its life

    void launch() {
        if (isLate()) {
            return;
        }
        var thread = Thread.ofVirtual().name("rein-run-" + id()).unstarted(this::work);
        scope.attach(thread, () -> kernel.environment().executeSurely(() -> new RunCompletion(this).conclude()));
        start.limitQueueTime();
        thread.start();
    }

    private void work() {
        Throwable error = null;
        try {
            Admission.await(this);
            if (scope.begin()) {
                earlier = SessionStart.load(this);
                start.show();
                observers.started();
                observers.wake();
                scope.guarded(pausing::startDeadline);
                touched();
                returned(CurrentRun.call(context, () -> {
                    start.resolveDependencies();
                    return plan.body().execute(this);
                }));
            }
        } catch (Throwable e) {
            error = e;
        }
        new RunCompletion(this).leaveAndConclude(error);
    }

    RunStart start() {
        return start;
    }

    private void returned(@Nullable Object value) {
        scope.guarded(() -> outcome.value(value));
    }

    // ---- what its body uses

    public RunPlan plan() {
        return plan;
    }

    public RunObservers observers() {
        return observers;
    }

    /** Its guardrails, and its input as they let others see it. */
    public RunGuardrails guardrails() {
        return guardrails;
    }

    public Scope scope() {
        return scope;
    }

    public Context context() {
        return context;
    }

    public Limits limits() {
        return limits;
    }

    /** The earlier runs of its session that its plan asks for, oldest first; of a run below another one those of its component. */
    public List<StoredRun> earlier() {
        return earlier;
    }

    /**
     * Goes on to the next thing to do.
     *
     * @throws dev.rein.cancel.CancelledException if a stop does not let it
     */
    public void enter(Phase phase, String doing) {
        scope.enter(phase, doing);
    }

    /**
     * Shows an event.
     *
     * @param characters how much text it carries, for the log's bound
     * @throws dev.rein.cancel.CancelledException once the run is stopped
     */
    public void emit(int characters, Function<EventMeta, RunEvent> event) {
        emitter.trace(emitter.append(scope, characters, event));
        touched();
    }

    /**
     * The same for a piece of the run, and for code of the user's, which may be late: in a piece that was stopped, or on a
     * thread that outlives the run.
     *
     * @throws IllegalStateException if the run has ended: its last event is the last
     */
    public void emit(Scope from, int characters, Function<EventMeta, RunEvent> event) {
        emitter.trace(emitter.append(from, characters, meta -> {
            if (scope.status().isTerminal()) {
                throw new IllegalStateException("run " + id() + " has ended: it shows no more events");
            }
            return event.apply(meta);
        }));
    }

    /** What it has delivered, and the conversation so far. */
    public Delivery delivery() {
        return delivery;
    }

    /**
     * Asks people, and waits for their answers: the run is PAUSED once nothing else in it goes on.
     *
     * @return one for each question, in their order
     * @throws dev.rein.cancel.CancelledException if a stop ends the wait
     */
    public List<Decision> ask(Scope asking, List<Requirement> questions) {
        return pausing.ask(asking, questions);
    }

    /** Tells of changes to the session's state that were not kept as they were made. */
    public void conflicts(List<String> more) {
        scope.guarded(() -> outcome.conflicts(more));
    }

    /** Where it is found how far it is, for a workflow or a team. */
    public void progress(Progress source) {
        scope.guarded(() -> childRuns.setProgress(source));
    }

    /** Runs {@code action} after all descendants have ended and before the end is stored. */
    public void beforeEnd(Runnable action) {
        scope.guarded(() -> childRuns.setBeforeEnd(action));
    }

    /** A time limit on what the run does now; see {@link StreamTimeouts}. */
    public StreamTimeouts watch(String model) {
        return new StreamTimeouts(kernel.environment().timers(), scope, limits, model);
    }

    void onCancelled(CancelHook cleanup) {
        scope.guarded(() -> CancelHooks.add(cleanup, cleanups));
    }

    // ---- what the rest of the kernel uses

    Kernel kernel() {
        return kernel;
    }

    Origin origin() {
        return identity.origin();
    }

    SessionState state() {
        return state;
    }

    /** Where it is stored; null for nowhere. */
    @Override
    public @Nullable RunRecord record() {
        return record;
    }

    /** Something of it has changed. */
    void touched() {
        if (record != null) {
            record.touch();
        }
    }

    @Override
    public boolean isRoot() {
        return parent == null;
    }

    @Nullable
    StoragePolicy storing() {
        return record == null ? null : record.storing();
    }

    EventEmitter emitter() {
        return emitter;
    }

    public ChildRuns childRuns() {
        return childRuns;
    }

    @Nullable
    Run parent() {
        return parent;
    }

    RunOutcome outcome() {
        return outcome;
    }

    RunPause pausing() {
        return pausing;
    }

    RunIdentity identity() {
        return identity;
    }

    EventLog log() {
        return tree.log();
    }

    /** The cleanups to run, those of the component first. */
    List<CancelHook> cleanups() {
        return scope.locked(() -> {
            var all = new ArrayList<>(plan.component().onCancel());
            all.addAll(cleanups);
            return all;
        });
    }

    void failed(RunFailure why) {
        scope.guarded(() -> outcome.failure(why));
    }

    /** Whether nothing of its end may take its time: no cleanups, no store, and nobody prints. Called under the tree's lock. */
    boolean isPlain() {
        return record == null
                && emitter.trace() == null
                && childRuns.beforeEnd() == null
                && cleanups.isEmpty()
                && plan.component().onCancel().isEmpty();
    }

    /**
     * The last step: shows the last event, and leaves nothing behind. Called under the tree's lock.
     *
     * @param last made for the place where it comes
     * @return whom to tell, without the lock: it may be those who wait in another tree
     */
    List<Runnable> end(RunOutput output, RunEvent last) {
        kernel.ended(this);
        pausing.end();
        observers.ended(output);
        if (parent != null) {
            parent.delivery.meter().childEnded(output.metrics());
            if (parent.plan.kind().collectsChildOutputs()) {
                parent.childRuns.addOutput(output);
            }
        }
        return close(output, last);
    }

    /**
     * The same for a run whose start was refused: a run above never had it.
     *
     * @param last its last event; null to show none
     */
    List<Runnable> close(RunOutput output, @Nullable RunEvent last) {
        if (last != null) {
            emitter.appendAlways(last);
        }
        childRuns.endAbove(id());
        var listeners = outcome.end(output);
        scope.end();
        if (isRoot()) {
            log().close();
        } else {
            emitter.wakeReaders();
        }
        return listeners;
    }

    @Override
    public void refresh() {
        state.refresh();
    }

    @Override
    public StoredRun snapshot(RunStatus status) {
        return RunSnapshots.row(this, status);
    }

    @Override
    public boolean isResumable() {
        return isRoot() && isPaused() && RunBlocker.of(this) == null;
    }

    @Override
    public void afterUnlock(Runnable action) {
        scope.afterUnlock(action);
    }

    /** Performs an action under the tree's lock. */
    public void guarded(Runnable action) {
        scope.guarded(action);
    }

    @Override
    public <T extends @Nullable Object> T locked(Supplier<T> action) {
        return scope.locked(action);
    }

    @Override
    public void onEnd(Consumer<RunOutput> listener) {
        onEnded(() -> listener.accept(output()));
    }

    /** Has {@code listener} called after the end; at once if that has come. */
    void onEnded(Runnable listener) {
        var late = scope.locked(() -> !outcome.onEnd(listener));
        if (late) {
            listener.run();
        }
    }

    /** Applies decisions to the run and its descendants; see {@link PendingRequirements#decide}. */
    void decide(List<Decision> decisions) {
        var asked = scope.locked(() -> pausing.pauses().asked(this, decisions));
        DecisionCheck.requireAnswers(asked, decisions);
        scope.guarded(() -> pausing.pauses().decide(this, decisions));
    }

    // ---- what its holder sees

    @Override
    public String id() {
        return origin().runId();
    }

    public @Nullable String sessionId() {
        return origin().sessionId();
    }

    public @Nullable String userId() {
        return identity.userId();
    }

    @Override
    public RunStatus status() {
        var last = outcome.output();
        return last != null ? last.status() : RunSnapshots.visible(scope.status());
    }

    /** Whether its parent had ended when it was created: it is cancelled, and never starts. */
    boolean isLate() {
        return parent == null && origin().parentRunId() != null;
    }

    /** What the body returned; null unless the run COMPLETED. */
    public @Nullable Object value() {
        return scope.locked(() -> status() == RunStatus.COMPLETED ? outcome.value() : null);
    }

    @Override
    public RunOutput output() {
        return RunSnapshots.output(this);
    }

    @Override
    public RunOutput await() throws InterruptedException {
        ForegroundCaller.spin(this);
        return Objects.requireNonNull(await(Long.MAX_VALUE));
    }

    @Override
    public RunOutput await(Duration timeout) throws InterruptedException, TimeoutException {
        var output = await(System.nanoTime() + Durations.nanos(timeout));
        if (output == null) {
            throw new TimeoutException("run " + id() + " did not end within " + timeout + "; it goes on");
        }
        return output;
    }

    private @Nullable RunOutput await(long deadline) throws InterruptedException {
        RunOutput output = null;
        while (output == null && scope.awaitInterruptibly(this::rests, deadline)) {
            output = outputAtRest();
        }
        return output;
    }

    @Override
    public @Nullable RunOutput outputAtRest() {
        return RunSnapshots.atRest(this);
    }

    /** Whether it has ended, or waits for people: nothing more happens by itself. */
    @Override
    public boolean rests() {
        return isEnded() || scope.isPaused();
    }

    ForegroundCaller owner() {
        return owner;
    }

    /** Waits for the end whatever happens; bounded by the grace period and the cleanup's limits once it is stopped. */
    @Override
    public void awaitEnd() {
        scope.awaitUntil(this::isEnded, Long.MAX_VALUE, false);
    }

    @Override
    public boolean isEnded() {
        return outcome.output() != null;
    }

    /** A paused run may have been adopted by another process, which then gets the request. */
    @Override
    public CancelResult cancel(CancelRequest request) {
        var record = isRoot() && isPaused() && request.kind() == CancelKind.USER ? record() : null;
        var elsewhere = record == null ? null : record.adoptedElsewhere();
        if (elsewhere == null) {
            return cancelHere(request);
        }
        elsewhere.begin();
        var result = cancelHere(request);
        return elsewhere.passOn(request).orElse(result);
    }

    @Override
    public CancelResult cancelHere(CancelRequest request) {
        var requested = scope.request(request);
        touched();
        return RunSnapshots.cancelResult(this, request, requested);
    }

    @Override
    public EventStream events(long lastIndex) {
        var log = scope.locked(emitter::log);
        return new Subscription(this, log.reader(id(), Math.max(lastIndex + 1, firstIndex), null));
    }

    /** Whether it waits for people. */
    @Override
    public boolean isPaused() {
        return scope.isPaused();
    }

    /** The stream of its owner, whom it waits for. */
    ForegroundStream ownerStream() {
        var log = scope.locked(emitter::openLog);
        return owner.stream(log, Math.max(firstIndex, log.first()));
    }

    /** The stream of a new owner, from here on. */
    ForegroundStream nextOwnerStream() {
        return scope.locked(() -> {
            var log = emitter.openLog();
            return owner.stream(log, log.next());
        });
    }

    LiveRun live() {
        return scope.locked(() -> RunSnapshots.live(this, RunSnapshots.visible(scope.status())));
    }
}
