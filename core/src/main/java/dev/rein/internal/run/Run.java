package dev.rein.internal.run;

import dev.rein.cancel.CancelKind;
import dev.rein.cancel.CancelMode;
import dev.rein.cancel.CancelRequest;
import dev.rein.run.CancelHook;
import dev.rein.run.CancelResult;
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

    private final Kernel kernel;
    private final RunPlan plan;
    private final @Nullable Run parent;
    private final Origin origin;
    private final @Nullable String userId;
    private final Scope scope;
    private final EventLog log;
    private final Limits limits;
    private final SessionState state;
    private final Context context;
    private final Delivery delivery;
    private final Instant createdAt = Instant.now();
    private final boolean root;
    private final long firstIndex;

    /** The runs below it, ended ones too; not kept by a root, which has every run of its tree below it. */
    private final Set<String> below = new HashSet<>(0);

    private final List<CancelHook> cleanups = new ArrayList<>(0);
    private final List<Future<?>> timers = new ArrayList<>(0);
    private final List<Runnable> onEnded = new ArrayList<>(0);
    private List<StoredRun> earlier = List.of();
    private boolean startShown;
    private boolean stored;
    private List<String> conflicts = List.of();
    private @Nullable Object value;
    private @Nullable RunFailure failure;
    private volatile @Nullable Future<Boolean> inserting;
    private volatile @Nullable RunOutput finalOutput;

    /** @param caller the run it is part of, and the scope in it; null for a root */
    Run(Kernel kernel, RunPlan plan, String id, @Nullable Context caller) {
        this.kernel = kernel;
        this.plan = plan;
        var options = plan.options();
        var above = caller == null ? null : caller.run();
        var inTree = caller == null ? null : caller.scope().childRun(id, "run " + id);
        this.root = inTree == null;
        this.parent = root ? null : above;
        this.scope = inTree == null ? Scope.root(kernel, id, "run " + id) : inTree;
        this.userId = options.userId() == null && above != null ? above.userId : options.userId();
        this.origin = new Origin(
                plan.source(),
                plan.componentId(),
                plan.componentName(),
                id,
                above == null ? null : above.id(),
                above == null ? id : above.origin.rootRunId(),
                options.sessionId() == null && above != null ? above.sessionId() : options.sessionId(),
                above == null ? 0 : above.origin.depth() + 1);
        var own = plan.limits().and(options.limits());
        if (above != null && inTree != null) {
            this.log = above.log;
            this.limits = own.and(above.limits);
            this.delivery = new Delivery(this, new Meter(scope, above.delivery.meter(), own));
            this.state = above.state;
            scope.locked(() -> above.joinedBy(id));
        } else {
            this.log = new EventLog(scope.lock(), options.consumerStall());
            this.limits = own;
            this.delivery = new Delivery(this, new Meter(scope, null, own));
            this.state = new SessionState();
        }
        this.context = new Context(this, scope, null);
        this.stored = plan.storing() == null;
        this.firstIndex = log.next();
        if (above != null && inTree == null) {
            // Its parent has ended: there is no tree to join, and nothing may start in its name.
            scope.request(CancelRequest.now().kind(CancelKind.PARENT).reason("run " + above.id() + " had ended"));
        }
    }

    private boolean joinedBy(String runId) {
        return parent != null && below.add(runId) && parent.joinedBy(runId);
    }

    /** Whether an event is its own, or of a run below it. */
    boolean covers(RunEvent event) {
        return root || event.runId().equals(id()) || scope.locked(() -> below.contains(event.runId()));
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
            kernel.sessions().awaitTurn(this);
            if (scope.begin()) {
                loadSession();
                showStart();
                var deadline = limits.deadline();
                if (deadline != null) {
                    at(
                            deadline,
                            () -> stop(CancelKind.DEADLINE, "it did not end within " + deadline.toMillis() + " ms"));
                }
                value = Current.call(context, () -> plan.body().execute(this));
            }
        } catch (Throwable e) {
            error = e;
        }
        if (scope.leave()) {
            new Ending(this).conclude(error);
        }
    }

    private void loadSession() throws Exception {
        var storing = plan.storing();
        var sessionId = sessionId();
        if (!root) {
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
        state.load(fromSession, plan.options().sessionState());
    }

    /** The first event, at the latest right before the last one. */
    void showStart() {
        var shown = scope.<@Nullable RunEvent>locked(() -> {
            if (startShown) {
                return null;
            }
            startShown = true;
            delivery.meter().begin();
            return log.appendAlways(index -> plan.started().apply(meta(index)));
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
        trace(log.append(scope, characters, index -> event.apply(meta(index))));
    }

    /**
     * The same for code of the user's, which may be late: in a piece that was stopped, or on a thread that outlives the run.
     *
     * @throws IllegalStateException if the run has ended: its last event is the last
     */
    void emit(Scope from, int characters, Function<EventMeta, RunEvent> event) {
        trace(log.append(from, characters, index -> {
            if (scope.status().isTerminal()) {
                throw new IllegalStateException("run " + id() + " has ended: it shows no more events");
            }
            return event.apply(meta(index));
        }));
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
        return Piece.start(this, what, toolCallId, atMost, code, onEnd);
    }

    /**
     * Waits until at least one of some pieces is over.
     *
     * @return those that are
     */
    public <T> List<Piece<T>> awaitOver(List<Piece<T>> pieces) {
        scope.awaitUntil(() -> pieces.stream().anyMatch(Piece::isOver), Long.MAX_VALUE, true);
        return scope.locked(() -> pieces.stream().filter(Piece::isOver).toList());
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
        return root;
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
            var all = new ArrayList<>(plan.onCancel());
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

    /** Its row in a store. */
    StoredRun row(RunStatus status) {
        return scope.locked(() -> {
            var stop = scope.stop();
            return new StoredRun(
                    id(),
                    origin.parentRunId(),
                    origin.rootRunId(),
                    origin.source(),
                    origin.componentId(),
                    sessionId(),
                    userId,
                    status,
                    plan.input(),
                    delivery.text(),
                    status.isTerminal() ? delivery.transcript().repairedOwn() : List.of(),
                    stop == null ? null : stop.cause,
                    stop == null ? null : stop.mode,
                    failure,
                    status.isTerminal() ? delivery.metrics() : null,
                    plan.options().metadata(),
                    createdAt,
                    status.isTerminal() ? Instant.now() : null);
        });
    }

    /** The last step: shows the last event, and leaves nothing behind. */
    void end(boolean isStored, List<String> stateConflicts, Function<EventMeta, RunEvent> last) {
        showStart();
        var listeners = new ArrayList<Runnable>();
        if (plan.trace() != null) {
            // Before the end is seen: whoever waits for that may end the process.
            trace(last.apply(meta(log.next())));
        }
        kernel.ended(this);
        scope.locked(() -> {
            stored = isStored;
            conflicts = stateConflicts;
            timers.forEach(timer -> timer.cancel(false));
            timers.clear();
            listeners.addAll(onEnded);
            onEnded.clear();
            log.appendAlways(index -> last.apply(meta(index)));
            finalOutput = snapshot(scope.status());
            scope.end();
            if (root) {
                log.close();
            }
            return true;
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

    void trace(RunEvent event) {
        var trace = plan.trace();
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
        return last != null ? last : scope.locked(() -> snapshot(beforeTheEnd(scope.status())));
    }

    private RunOutput snapshot(RunStatus status) {
        var stop = scope.stop();
        var isOver = status.isTerminal();
        return new RunOutput(
                id(),
                origin.parentRunId(),
                origin.componentId(),
                sessionId(),
                userId,
                status,
                delivery.text(),
                delivery.reasoning(),
                stop == null ? null : stop.cause,
                stop == null ? null : stop.mode,
                stop == null ? List.of() : stop.requests(),
                stop != null && isOver ? Duration.ofNanos(System.nanoTime() - stop.requestedNanos) : null,
                failure,
                isOver
                        ? delivery.transcript().repaired()
                        : delivery.transcript().messages(),
                delivery.tools(),
                delivery.metrics(),
                state.snapshot(),
                conflicts,
                scope.abandonedThreads(),
                stored,
                createdAt);
    }

    @Override
    public RunOutput await() throws InterruptedException {
        spin();
        scope.awaitInterruptibly(() -> finalOutput != null, Long.MAX_VALUE);
        return output();
    }

    @Override
    public RunOutput await(Duration timeout) throws InterruptedException, TimeoutException {
        if (!scope.awaitInterruptibly(() -> finalOutput != null, System.nanoTime() + timeout.toNanos())) {
            throw new TimeoutException("run " + id() + " did not end within " + timeout + "; it goes on");
        }
        return output();
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
        try {
            return await();
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
                    request.mode() == CancelMode.AFTER_STEP && origin.source() != Source.WORKFLOW && origin.depth() == 0
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

    /** The stream of its owner, whom it waits for. */
    OwnerStream ownerStream() {
        var stall = plan.options().consumerStall().toMillis();
        return new OwnerStream(
                this,
                log.reader(id(), firstIndex, () -> disconnected("its consumer did not read for " + stall + " ms")));
    }

    LiveRun live() {
        return scope.locked(() -> new LiveRun(
                id(),
                origin.rootRunId(),
                origin.parentRunId(),
                origin.componentId(),
                sessionId(),
                userId,
                beforeTheEnd(scope.status()),
                scope.doing(),
                Duration.ofNanos(System.nanoTime() - scope.doingSince()),
                plan.options().priority(),
                createdAt));
    }
}
