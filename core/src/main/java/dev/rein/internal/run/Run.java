package dev.rein.internal.run;

import dev.rein.cancel.CancelKind;
import dev.rein.cancel.CancelMode;
import dev.rein.cancel.CancelRequest;
import dev.rein.run.CancelHook;
import dev.rein.run.CancelResult;
import dev.rein.run.Decision;
import dev.rein.run.Requirement;
import dev.rein.run.StepOutput;
import dev.rein.run.StepRef;
import dev.rein.run.event.RunContinued;
import dev.rein.run.event.RunPaused;
import dev.rein.run.event.StepExecutorContinued;
import dev.rein.run.event.StepExecutorPaused;
import dev.rein.run.event.WorkflowPaused;
import java.util.HashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import dev.rein.run.DisconnectPolicy;
import dev.rein.run.EventStream;
import dev.rein.run.Limits;
import dev.rein.run.LiveRun;
import dev.rein.run.RunFailure;
import dev.rein.run.RunHandle;
import dev.rein.run.RunOutput;
import dev.rein.run.RunStatus;
import dev.rein.run.event.EventMeta;
import dev.rein.run.event.Origin;
import dev.rein.run.event.RunEvent;
import dev.rein.run.event.Source;
import dev.rein.session.Session;
import dev.rein.session.StoredRun;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One run: its scope, its events, what it has delivered, and its way to the end. Everything that changes is guarded by the
 * lock of its tree.
 */
public final class Run implements RunHandle {
    private static final long SPIN_NANOS = 50_000;

    /** How many outputs of runs below it a team or workflow keeps, the latest. */
    private static final int MOST_CHILDREN = 1_000;

    private final Kernel kernel;
    private final RunPlan plan;
    private final @Nullable Run parent;
    private final @Nullable Scope caller;
    private final Origin origin;
    private final @Nullable String userId;
    private final Scope scope;
    private final EventLog log;
    private final Pauses pauses;
    private final Limits limits;
    private final @Nullable Duration pauseLimit;
    private final @Nullable Storing storing;
    private final @Nullable DebugTrace trace;
    private final Shown shown;
    private final SessionState state;
    private final Context context;
    private final Delivery delivery;
    private final Instant createdAt = Instant.now();
    private final long firstIndex;

    /** The runs below it, ended ones too; not kept by a root, which has every run of its tree below it. */
    private final Set<String> below = new HashSet<>(0);

    private final List<RunOutput> children = new ArrayList<>(0);
    private final List<CancelHook> cleanups = new ArrayList<>(0);
    private final List<Future<?>> timers = new ArrayList<>(0);
    private final List<Runnable> onEnded = new ArrayList<>(0);
    private final List<String> conflicts = new ArrayList<>(0);
    private Supplier<List<StepOutput>> steps = List::of;
    private List<StoredRun> earlier = List.of();
    private String lastChildText = "";
    private boolean startShown;
    private boolean queues;
    private boolean stored;
    private @Nullable Countdown deadline;
    private @Nullable Countdown patience;
    private @Nullable Object value;
    private @Nullable RunFailure failure;
    private volatile @Nullable Future<Boolean> inserting;
    private volatile @Nullable RunOutput finalOutput;

    /** @param calledBy the run it is part of, and the scope in it; null for a root */
    Run(Kernel kernel, RunPlan plan, String id, @Nullable Context calledBy) {
        this.kernel = kernel;
        this.plan = plan;
        var options = plan.options();
        var above = calledBy == null ? null : calledBy.run();
        var isStep = calledBy != null && calledBy.ownStep() != null && plan.source() != Source.WORKFLOW;
        var inTree = calledBy == null ? null : calledBy.scope().childRun(id, "run " + id, isStep);
        this.parent = inTree == null ? null : above;
        this.caller = inTree == null || calledBy == null ? null : calledBy.scope();
        this.scope = inTree == null ? Scope.root(kernel, id, "run " + id) : inTree;
        this.userId = options.userId() == null && above != null ? above.userId : options.userId();
        this.origin = new Origin(
                plan.source(),
                plan.component().id(),
                plan.component().name(),
                id,
                above == null ? null : above.id(),
                above == null ? id : above.origin.rootRunId(),
                options.sessionId() == null && above != null ? above.sessionId() : options.sessionId(),
                above == null ? 0 : above.origin.depth() + 1,
                calledBy == null ? null : calledBy.step());
        var own = plan.component().limits().and(options.limits());
        this.pauseLimit = own.pause();
        var ownStoring = Storing.of(plan.component());
        var ownTrace = plan.component().debug() ? new DebugTrace(System.err) : null;
        if (parent != null && calledBy != null) {
            this.log = parent.log;
            this.pauses = parent.pauses;
            this.limits = own.and(parent.limits);
            this.delivery = new Delivery(this, new Meter(scope, parent.delivery.meter(), own));
            this.state = calledBy.state();
            this.storing = ownStoring != null ? ownStoring : parent.storing;
            this.trace = parent.trace != null ? parent.trace : ownTrace;
            this.shown = parent.shown == Shown.HIDDEN ? Shown.HIDDEN : calledBy.children();
            var call = calledBy.toolCallId();
            scope.guarded(() -> {
                parent.joinedBy(id);
                if (call != null) {
                    parent.delivery.toolRuns(call, id);
                }
            });
        } else {
            this.log = new EventLog(scope.lock(), options.consumerStall());
            this.pauses = new Pauses();
            this.limits = own;
            this.delivery = new Delivery(this, new Meter(scope, null, own));
            this.state = new SessionState();
            this.storing = ownStoring;
            this.trace = ownTrace;
            this.shown = Shown.OWN;
        }
        this.context = Context.of(this, scope, state);
        this.stored = storing == null;
        this.firstIndex = log.next();
        scope.onWaits(this::waits);
        if (above != null && inTree == null) {
            // Its parent has ended: there is no tree to join, and nothing may start in its name.
            scope.request(CancelRequest.now().kind(CancelKind.PARENT).reason("run " + above.id() + " had ended"));
        }
    }

    private void joinedBy(String runId) {
        if (parent != null && below.add(runId)) {
            parent.joinedBy(runId);
        }
    }

    /** Whether a run is this one, or below it. */
    boolean covers(String runId) {
        return isRoot() || runId.equals(id()) || scope.locked(() -> below.contains(runId));
    }

    // ---- its life

    void launch() {
        var thread = Thread.ofVirtual().name("rein-run-" + id()).unstarted(this::work);
        scope.attach(thread, () -> kernel.platform().execute(() -> new Ending(this).conclude(null)));
        var queue = limits.queue();
        if (queue != null) {
            at(queue, () -> {
                if (!startShown) {
                    stop(CancelKind.DEADLINE, "it was not started within " + queue.toMillis() + " ms");
                }
            });
        }
        thread.start();
    }

    private void work() {
        Throwable error = null;
        try {
            if (queues) {
                scope.awaitUntil(() -> kernel.slots().isLetIn(this), Long.MAX_VALUE, true);
            }
            kernel.sessions().awaitTurn(this);
            if (scope.begin()) {
                loadSession();
                showStart();
                startDeadline();
                value = Current.call(context, () -> plan.body().execute(this));
            }
        } catch (Throwable e) {
            error = e;
        }
        if (scope.leave()) {
            new Ending(this).conclude(error);
        }
    }

    private void startDeadline() {
        var limit = limits.deadline();
        if (limit != null) {
            var started = countdown(limit, "it did not end within ");
            scope.guarded(() -> {
                deadline = started;
                started.goOn();
            });
        }
    }

    private Countdown countdown(Duration limit, String reason) {
        return new Countdown(
                kernel.timers(), limit, () -> stop(CancelKind.DEADLINE, reason + limit.toMillis() + " ms"));
    }

    /** It works only when it is let in. */
    void queue() {
        queues = true;
    }

    private void loadSession() throws Exception {
        var sessionId = sessionId();
        if (!isRoot()) {
            return;
        }
        Map<String, Object> fromSession = Map.of();
        if (storing != null && sessionId != null) {
            var loaded = kernel.load(this, storing, sessionId);
            fromSession = loaded.session().map(Session::state).orElse(Map.of());
            earlier = loaded.runs().stream()
                    .filter(run -> run.status().isTerminal())
                    .toList();
        }
        var initial = new HashMap<>(plan.component().sessionState());
        initial.keySet().removeAll(fromSession.keySet());
        initial.putAll(plan.options().sessionState());
        state.load(fromSession, initial);
    }

    /** The first event, at the latest right before the last one. */
    void showStart() {
        var shown = scope.<@Nullable RunEvent>locked(() -> {
            if (startShown) {
                return null;
            }
            startShown = true;
            delivery.meter().begin();
            return appendAlways(plan.started());
        });
        if (shown != null) {
            trace(shown);
        }
    }

    /** Does something later, unless the run has ended by then. */
    void at(Duration delay, Runnable action) {
        scope.locked(() -> isEnded() || timers.add(kernel.timers().after(delay, action)));
    }

    private void stop(CancelKind kind, String reason) {
        scope.request(CancelRequest.now().kind(kind).reason(reason));
    }

    // ---- what its body uses

    public RunPlan plan() {
        return plan;
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

    /** The ended runs of its session, oldest first; empty without one. */
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
        trace(append(scope, characters, event));
    }

    /**
     * The same for a piece of the run, and for code of the user's, which may be late: in a piece that was stopped, or on a
     * thread that outlives the run.
     *
     * @throws IllegalStateException if the run has ended: its last event is the last
     */
    public void emit(Scope from, int characters, Function<EventMeta, RunEvent> event) {
        trace(append(from, characters, meta -> {
            if (scope.status().isTerminal()) {
                throw new IllegalStateException("run " + id() + " has ended: it shows no more events");
            }
            return event.apply(meta);
        }));
    }

    /** Adds to the log, unless nobody is to see it. */
    RunEvent append(Scope from, int characters, Function<EventMeta, RunEvent> event) {
        if (shown == Shown.HIDDEN) {
            from.throwIfCancelled();
            return event.apply(meta(log.next()));
        }
        return log.append(from, characters, index -> event.apply(meta(index)));
    }

    private RunEvent appendAlways(Function<EventMeta, RunEvent> event) {
        return shown == Shown.HIDDEN
                ? event.apply(meta(log.next()))
                : log.appendAlways(index -> event.apply(meta(index)));
    }

    /** What it has delivered, and the conversation so far. */
    public Delivery delivery() {
        return delivery;
    }

    /**
     * Starts a piece of work on a thread of its own.
     *
     * @param what what it is, such as {@code tool search}
     * @param toolCallId the call it executes; null when it is none
     * @param atMost when it is stopped; null for never
     * @param onEnd told of its end, under the tree's lock; must not block
     */
    public <T> Piece<T> fork(
            String what,
            @Nullable String toolCallId,
            @Nullable Duration atMost,
            Piece.Code<T> code,
            Consumer<Piece<T>> onEnd) {
        return fork(context, what, toolCallId, atMost, code, onEnd);
    }

    /** The same as a part of a piece. */
    public <T> Piece<T> fork(
            Context base,
            String what,
            @Nullable String toolCallId,
            @Nullable Duration atMost,
            Piece.Code<T> code,
            Consumer<Piece<T>> onEnd) {
        return Piece.start(base, what, toolCallId, atMost, code, onEnd);
    }

    /**
     * Waits until at least one of some pieces is over.
     *
     * @return those that are
     */
    public <T> List<Piece<T>> awaitOver(List<Piece<T>> pieces) {
        return awaitOver(scope, pieces);
    }

    /** The same for the pieces of a piece. */
    public <T> List<Piece<T>> awaitOver(Scope waiter, List<Piece<T>> pieces) {
        waiter.joins(true);
        try {
            waiter.awaitUntil(() -> pieces.stream().anyMatch(Piece::isOver), Long.MAX_VALUE, true);
        } finally {
            waiter.joins(false);
        }
        return scope.locked(() -> pieces.stream().filter(Piece::isOver).toList());
    }

    /**
     * Asks people, and waits for their answers: the run is PAUSED once nothing else in it goes on.
     *
     * @return one for each question, in their order
     * @throws dev.rein.cancel.CancelledException if a stop ends the wait
     */
    public List<Decision> ask(Scope asking, List<Requirement> questions) {
        return pauses.ask(this, asking, questions);
    }

    /** Tells of changes to the session's state that were not kept as they were made. */
    public void conflicts(List<String> more) {
        scope.locked(() -> conflicts.addAll(more));
    }

    /** Where the results of its steps are found, for a workflow. Called under the tree's lock. */
    public void steps(Supplier<List<StepOutput>> source) {
        scope.guarded(() -> steps = source);
    }

    /** Takes everything out of a list that the ends of pieces fill. */
    public <T> List<T> take(List<T> filled) {
        return scope.locked(() -> {
            var taken = List.copyOf(filled);
            filled.clear();
            return taken;
        });
    }

    /** A time limit on what the run does now; see {@link Watch}. */
    public Watch watch(String model) {
        return new Watch(kernel.timers(), scope, limits, model);
    }

    void onCancelled(CancelHook cleanup) {
        scope.locked(() -> cleanups.add(cleanup));
    }

    // ---- what Ending uses

    Kernel kernel() {
        return kernel;
    }

    Origin origin() {
        return origin;
    }

    SessionState state() {
        return state;
    }

    /** It starts before its first row is written. */
    void startsBefore(Future<Boolean> firstRow) {
        inserting = firstRow;
    }

    @Nullable
    Future<Boolean> inserting() {
        return inserting;
    }

    boolean isRoot() {
        return parent == null;
    }

    @Nullable
    Storing storing() {
        return storing;
    }

    Shown shown() {
        return shown;
    }

    @Nullable
    Run parent() {
        return parent;
    }

    List<RunOutput> children() {
        return List.copyOf(children);
    }

    List<StepOutput> stepOutputs() {
        return scope.locked(steps);
    }

    List<String> stateConflicts() {
        return List.copyOf(conflicts);
    }

    List<Requirement> requirements() {
        return scope.locked(() -> pauses.of(this));
    }

    boolean isStored() {
        return stored;
    }

    Instant createdAt() {
        return createdAt;
    }

    EventLog log() {
        return log;
    }

    EventMeta meta(long index) {
        return new EventMeta(origin, index, Instant.now());
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
        scope.locked(() -> failure = why);
    }

    @Nullable
    RunFailure failure() {
        return failure;
    }

    /** The last step: shows the last event, and leaves nothing behind. */
    void end(boolean isStored, List<String> stateConflicts, Function<EventMeta, RunEvent> last) {
        showStart();
        var listeners = new ArrayList<Runnable>();
        if (trace != null) {
            // Before the end is seen: whoever waits for that may end the process.
            trace(last.apply(meta(log.next())));
        }
        kernel.ended(this);
        scope.guarded(() -> {
            stored = isStored;
            conflicts.addAll(stateConflicts);
            timers.forEach(timer -> timer.cancel(false));
            timers.clear();
            if (deadline != null) {
                deadline.end();
            }
            listeners.addAll(onEnded);
            onEnded.clear();
            appendAlways(last);
            var output = Views.output(this, scope.status());
            finalOutput = output;
            if (parent != null) {
                parent.childEnded(output);
            }
            scope.end();
            if (isRoot()) {
                log.close();
            }
        });
        listeners.forEach(Runnable::run);
    }

    /** Has {@code listener} called after the end; at once if that has come. */
    void onEnded(Runnable listener) {
        var late = scope.locked(() -> finalOutput != null || !onEnded.add(listener));
        if (late) {
            listener.run();
        }
    }

    private void childEnded(RunOutput child) {
        if (plan.source() == Source.AGENT) {
            return;
        }
        if (children.size() == MOST_CHILDREN) {
            children.removeFirst();
        }
        children.add(child);
        if (!child.text().isBlank()) {
            lastChildText = child.text();
        }
    }

    /** The last text of the runs below it, for one that ends without a text of its own. */
    String lastChildText() {
        return lastChildText;
    }

    /** It waits for people from now on, or no longer. Called under the tree's lock. */
    private void waits(boolean now) {
        if (now) {
            var asked = pauses.of(this);
            if (deadline != null) {
                deadline.standStill();
            }
            if (pauseLimit != null) {
                patience = countdown(pauseLimit, "nobody decided within ");
                patience.goOn();
            }
            traceLater(appendAlways(meta -> plan.source() == Source.WORKFLOW
                    ? new WorkflowPaused(meta, asked)
                    : new RunPaused(meta, asked)));
            executorEvent(step -> meta -> new StepExecutorPaused(meta, step, origin.componentId(), id()));
            kernel.paused(this);
        } else {
            if (patience != null) {
                patience.end();
                patience = null;
            }
            if (scope.isCancelled()) {
                return;
            }
            if (deadline != null) {
                deadline.goOn();
            }
            kernel.continued(this);
            executorEvent(step -> meta -> new StepExecutorContinued(meta, step, origin.componentId(), id()));
            if (plan.source() != Source.WORKFLOW) {
                traceLater(appendAlways(RunContinued::new));
            }
        }
    }

    private void executorEvent(Function<StepRef, Function<EventMeta, RunEvent>> event) {
        var step = origin.step();
        if (step != null && parent != null && step.workflowRunId().equals(parent.id())) {
            parent.traceLater(parent.appendAlways(event.apply(step)));
        }
    }

    /** Not under the lock: whoever prints may be slow. */
    private void traceLater(RunEvent event) {
        if (trace != null) {
            kernel.platform().execute(() -> trace(event));
        }
    }

    /** Takes the answers to what it, or a run below it, waits for; see {@link Pauses#decide}. */
    void decide(List<Decision> decisions) {
        scope.guarded(() -> pauses.decide(this, decisions));
    }

    void trace(RunEvent event) {
        if (trace != null) {
            trace.accept(event);
        }
    }

    // ---- what its holder sees

    @Override
    public String id() {
        return origin.runId();
    }

    public @Nullable String sessionId() {
        return origin.sessionId();
    }

    public @Nullable String userId() {
        return userId;
    }

    @Override
    public RunStatus status() {
        var last = finalOutput;
        return last != null ? last.status() : beforeTheEnd(scope.status());
    }

    /** What has been decided is seen once it is stored. */
    private static RunStatus beforeTheEnd(RunStatus status) {
        return switch (status) {
            case CANCELLED -> RunStatus.CANCELLING;
            case COMPLETED, ERROR -> RunStatus.RUNNING;
            default -> status;
        };
    }

    /** What the body returned; null unless the run COMPLETED. */
    public @Nullable Object value() {
        return scope.locked(() -> status() == RunStatus.COMPLETED ? value : null);
    }

    @Override
    public RunOutput output() {
        var last = finalOutput;
        return last != null ? last : scope.locked(() -> Views.output(this, beforeTheEnd(scope.status())));
    }

    @Override
    public RunOutput await() throws InterruptedException {
        spin();
        scope.awaitInterruptibly(this::rests, Long.MAX_VALUE);
        return output();
    }

    @Override
    public RunOutput await(Duration timeout) throws InterruptedException, TimeoutException {
        if (!scope.awaitInterruptibly(this::rests, System.nanoTime() + timeout.toNanos())) {
            throw new TimeoutException("run " + id() + " did not end within " + timeout + "; it goes on");
        }
        return output();
    }

    /** Whether it has ended, or waits for people: nothing more happens by itself. */
    boolean rests() {
        return finalOutput != null || scope.waits();
    }

    /** A parked platform thread takes longer to wake than a short run takes; a virtual thread does not, and would hold a carrier. */
    private void spin() {
        if (!Thread.currentThread().isVirtual()) {
            var end = System.nanoTime() + SPIN_NANOS;
            while (finalOutput == null && System.nanoTime() < end) {
                Thread.onSpinWait();
            }
        }
    }

    /** Waits as the one whom the run is for: when its thread is interrupted, it has gone away. */
    public RunOutput awaitAsOwner() {
        if (caller == null) {
            return awaitAsOwner(this::rests);
        }
        // Part of a run that goes on when it has been decided what this one waits for.
        caller.joins(true);
        try {
            return awaitAsOwner(this::isEnded);
        } finally {
            caller.joins(false);
        }
    }

    private RunOutput awaitAsOwner(BooleanSupplier condition) {
        try {
            spin();
            scope.awaitInterruptibly(condition, Long.MAX_VALUE);
            return output();
        } catch (InterruptedException e) {
            if (scope.isCancelled() || disconnected("the thread that waited in run() was interrupted")) {
                awaitEnd();
            }
            Thread.currentThread().interrupt();
            return output();
        }
    }

    /** Waits for the end whatever happens; bounded by the grace period and the cleanup's limits once it is stopped. */
    void awaitEnd() {
        scope.awaitUntil(() -> finalOutput != null, Long.MAX_VALUE, false);
    }

    boolean isEnded() {
        return finalOutput != null;
    }

    /**
     * Applies the disconnect policy.
     *
     * @return whether the run was told to stop at once
     */
    boolean disconnected(String reason) {
        var policy = Objects.requireNonNullElse(plan.options().onDisconnect(), DisconnectPolicy.CANCEL);
        if (!(policy instanceof DisconnectPolicy.CancelAfter after)) {
            return false;
        }
        if (after.delay().isZero()) {
            stop(CancelKind.DISCONNECT, reason);
            return true;
        }
        at(after.delay(), () -> stop(CancelKind.DISCONNECT, reason));
        return false;
    }

    @Override
    public CancelResult cancel(CancelRequest request) {
        var outcome = scope.request(request);
        return scope.locked(() -> {
            var stop = scope.stop();
            var note =
                    request.mode() == CancelMode.AFTER_STEP && origin.source() != Source.WORKFLOW && origin.step() == null
                            ? "outside a workflow AFTER_STEP means AFTER_TURN"
                            : null;
            return new CancelResult(
                    id(),
                    outcome,
                    scope.status(),
                    stop == null ? null : stop.mode,
                    stop == null ? null : stop.cause,
                    note);
        });
    }

    @Override
    public EventStream events(long lastIndex) {
        return new Subscription(this, log.reader(id(), Math.max(lastIndex + 1, firstIndex), null));
    }

    /** Whether it waits for people. */
    boolean isPaused() {
        return scope.waits();
    }

    /** The stream of its owner, whom it waits for. */
    OwnerStream ownerStream() {
        return ownerStream(firstIndex);
    }

    /** The stream of a new owner, from here on. */
    OwnerStream nextOwnerStream() {
        return ownerStream(log.next());
    }

    private OwnerStream ownerStream(long from) {
        var stall = plan.options().consumerStall().toMillis();
        return new OwnerStream(
                this,
                log.reader(id(), from, () -> disconnected("its consumer did not read for " + stall + " ms")));
    }

    LiveRun live() {
        return scope.locked(() -> Views.live(this, beforeTheEnd(scope.status())));
    }
}
