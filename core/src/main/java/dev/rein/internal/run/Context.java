package dev.rein.internal.run;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.cancel.CancelRequest;
import dev.rein.cancel.Cancellation;
import dev.rein.internal.Ids;
import dev.rein.internal.ValueCopies;
import dev.rein.internal.delivery.SessionState;
import dev.rein.internal.event.EventVisibility;
import dev.rein.internal.pause.DecisionCheck;
import dev.rein.internal.pause.ResumedRun;
import dev.rein.internal.stop.Phase;
import dev.rein.internal.stop.Scope;
import dev.rein.run.CancelResult;
import dev.rein.run.Decision;
import dev.rein.run.Question;
import dev.rein.run.Requirement;
import dev.rein.run.RunContext;
import dev.rein.run.StepRef;
import dev.rein.run.ToolExecution;
import dev.rein.run.event.CustomEvent;
import dev.rein.run.event.StepProgress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a run's own code sees of it: the run, and the scope of the piece of work that the code is. */
public final class Context implements RunContext {
    private final Run run;
    private final Scope scope;
    private final SessionState state;
    private final @Nullable String toolCallId;
    private final @Nullable StepRef step;
    private final EventVisibility children;
    private final @Nullable ResumedRun resuming;

    private Context(
            Run run,
            Scope scope,
            SessionState state,
            @Nullable String toolCallId,
            @Nullable StepRef step,
            EventVisibility children,
            @Nullable ResumedRun resuming) {
        this.run = run;
        this.scope = scope;
        this.state = state;
        this.toolCallId = toolCallId;
        this.step = step;
        this.children = children;
        this.resuming = resuming;
    }

    static Context of(Run run, Scope scope, SessionState state) {
        return new Context(run, scope, state, null, null, EventVisibility.OWN, null);
    }

    /** The same in a piece of the work. */
    Context in(Scope piece, @Nullable String newToolCallId) {
        return new Context(run, piece, state, newToolCallId, step, children, resuming);
    }

    /** The same with a session state of its own. */
    public Context with(SessionState newState) {
        return new Context(run, scope, newState, toolCallId, step, children, resuming);
    }

    /** The same in a step of the run, which is a workflow's. */
    public Context at(StepRef newStep) {
        return new Context(run, scope, state, toolCallId, newStep, children, resuming);
    }

    /** The same, and that is how the events of runs that it starts are shown. */
    public Context showing(EventVisibility newChildren) {
        return new Context(run, scope, state, toolCallId, step, newChildren, resuming);
    }

    /** The same for the start of a run that goes on with what another process has left; null for a new one. */
    public Context resuming(@Nullable ResumedRun left) {
        return new Context(run, scope, state, toolCallId, step, children, left);
    }

    /** What another process has left of the run that is started with this; null for a new one. */
    public @Nullable ResumedRun resuming() {
        return resuming;
    }

    public Run run() {
        return run;
    }

    public Scope scope() {
        return scope;
    }

    /** Goes on to the next thing to do; see {@link Scope#enter}. */
    public void enter(Phase phase, String doing) {
        scope.enter(phase, doing);
    }

    public SessionState state() {
        return state;
    }

    @Nullable
    StepRef ownStep() {
        return step;
    }

    EventVisibility children() {
        return children;
    }

    /**
     * Starts a piece of work on a thread of its own.
     *
     * @param what what it is, such as {@code tool search}
     * @param newToolCallId the call it executes; null when it is none
     * @param atMost when it is stopped; null for never
     * @param onEnd told of its end, under the tree's lock; must not block
     * @param afterEnd told of it afterwards, without the lock
     */
    public <T> Subtask<T> fork(
            String what,
            @Nullable String newToolCallId,
            @Nullable Duration atMost,
            Subtask.Code<T> code,
            Consumer<Subtask<T>> onEnd,
            Consumer<Subtask<T>> afterEnd) {
        return Subtask.start(this, what, newToolCallId, atMost, code, onEnd, afterEnd);
    }

    /** The same for a piece of no tool, without a limit. */
    public <T> Subtask<T> fork(String what, Subtask.Code<T> code) {
        return fork(what, null, null, code, _ -> {}, _ -> {});
    }

    /**
     * Waits until at least one of some pieces is over.
     *
     * @return those that are
     */
    public <T> List<Subtask<T>> awaitOver(List<Subtask<T>> pieces) {
        BooleanSupplier over = () -> pieces.stream().anyMatch(Subtask::isOver);
        scope.beginJoin(over);
        try {
            scope.awaitUntil(over, Long.MAX_VALUE, true);
        } finally {
            scope.endJoin();
        }
        return scope.locked(() -> pieces.stream().filter(Subtask::isOver).toList());
    }

    /** A question of the run's code, to {@link Run#ask}. */
    public Requirement requirement(Question question, @Nullable ToolExecution tool) {
        return requirement(
                question.kind(), question.text(), question.fields(), List.of(), tool, question.schema(), null);
    }

    /** The same for a question of a step, with what the step has set for its answer. */
    public Requirement requirement(Question question, Requirement.Terms terms) {
        return requirement(
                question.kind(), question.text(), question.fields(), List.of(), null, question.schema(), terms);
    }

    /** The same for a choice of the ways to go on. */
    public Requirement requirement(
            Requirement.Kind kind, String message, List<String> choices, Requirement.@Nullable Terms terms) {
        return requirement(kind, message, List.of(), choices, null, null, terms);
    }

    private Requirement requirement(
            Requirement.Kind kind,
            String message,
            List<String> fields,
            List<String> choices,
            @Nullable ToolExecution tool,
            @Nullable JsonNode schema,
            Requirement.@Nullable Terms terms) {
        return new Requirement(
                Ids.ofRun(),
                kind,
                run.id(),
                componentId(),
                tool,
                step(),
                message,
                fields,
                choices,
                Instant.now(),
                schema,
                terms);
    }

    /** The context that user code was given, or a thread of its works in. */
    public static Context of(RunContext context) {
        return (Context) context;
    }

    /** How many runs this one is within. */
    public int depth() {
        return run.origin().depth();
    }

    @Override
    public @Nullable StepRef step() {
        return step != null ? step : run.origin().step();
    }

    @Override
    public String runId() {
        return run.id();
    }

    @Override
    public String rootRunId() {
        return run.origin().rootRunId();
    }

    @Override
    public @Nullable String parentRunId() {
        return run.origin().parentRunId();
    }

    @Override
    public @Nullable String sessionId() {
        return run.sessionId();
    }

    @Override
    public @Nullable String userId() {
        return run.userId();
    }

    @Override
    public String componentId() {
        return run.origin().componentId();
    }

    @Override
    public @Nullable String toolCallId() {
        return toolCallId;
    }

    @Override
    public Map<String, Object> metadata() {
        return run.identity().metadata();
    }

    @Override
    public Map<String, Object> dependencies() {
        return run.start().dependencies();
    }

    @Override
    public Map<String, Object> sessionState() {
        return state.values();
    }

    @Override
    public Cancellation cancellation() {
        return scope;
    }

    @Override
    public CancelResult cancel(CancelRequest request) {
        return run.cancel(request);
    }

    @Override
    public void onCancelled(Runnable cleanup) {
        run.onCancelled((_, _) -> cleanup.run());
    }

    @Override
    public void emit(String name, Map<String, Object> data) {
        var copy = ValueCopies.copyAll(data);
        run.emit(scope, name.length(), meta -> new CustomEvent(meta, name, copy));
    }

    @Override
    public void progress(String content, Map<String, Object> data) {
        var own = step;
        if (own == null) {
            throw new IllegalStateException("progress is of a workflow's step, and this is none: use emit(..) instead");
        }
        var copy = ValueCopies.copyAll(data);
        run.emit(scope, content.length(), meta -> new StepProgress(meta, own, content, copy));
    }

    @Override
    public Decision ask(Question question) {
        var call = toolCallId == null ? null : run.delivery().toolAsks(toolCallId, question);
        if (call == null) {
            throw new IllegalStateException(
                    "a question to people is one of a tool call, and this code is in none: ask from the"
                            + " code of a tool, or let the step ask before it starts");
        }
        var asked = requirement(question, call);
        var decision = run.pausing().pauses().askDuringCall(run, scope, asked);
        run.delivery().toolDecided(call.toolCallId(), decision);
        return DecisionCheck.typed(asked, decision);
    }

    @Override
    public Runnable wrap(Runnable code) {
        return () -> CurrentRun.run(this, code);
    }

    @Override
    public <T extends @Nullable Object> Callable<T> wrap(Callable<T> code) {
        return () -> CurrentRun.call(this, code::call);
    }

    @Override
    public Executor wrap(Executor executor) {
        return task -> executor.execute(wrap(task));
    }
}
