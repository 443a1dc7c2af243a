package dev.rein.internal.workflow;

import dev.rein.cancel.CancelKind;
import dev.rein.cancel.CancelRequest;
import dev.rein.cancel.CancelledException;
import dev.rein.internal.pause.RunCheckpoint;
import dev.rein.internal.run.Context;
import dev.rein.internal.run.Run;
import dev.rein.internal.run.Subtask;
import dev.rein.internal.run.UserCode;
import dev.rein.internal.stop.CancellableWaits;
import dev.rein.internal.stop.Phase;
import dev.rein.model.Message;
import dev.rein.queue.Checkpoints;
import dev.rein.run.CallInterceptor;
import dev.rein.run.RunFailure;
import dev.rein.run.RunOutput;
import dev.rein.run.RunStatus;
import dev.rein.run.StepKind;
import dev.rein.run.StepOutput;
import dev.rein.run.StepRef;
import dev.rein.run.TypeRef;
import dev.rein.run.event.ConditionExecutionCompleted;
import dev.rein.run.event.ConditionExecutionStarted;
import dev.rein.run.event.EventMeta;
import dev.rein.run.event.LoopExecutionCompleted;
import dev.rein.run.event.LoopExecutionStarted;
import dev.rein.run.event.LoopIterationCompleted;
import dev.rein.run.event.LoopIterationStarted;
import dev.rein.run.event.ParallelExecutionCompleted;
import dev.rein.run.event.ParallelExecutionStarted;
import dev.rein.run.event.RouterExecutionCompleted;
import dev.rein.run.event.RouterExecutionStarted;
import dev.rein.run.event.RouterPaused;
import dev.rein.run.event.RunEvent;
import dev.rein.run.event.StepsExecutionCompleted;
import dev.rein.run.event.StepsExecutionStarted;
import dev.rein.session.StoredStep;
import dev.rein.session.StoredStep.Stage;
import dev.rein.workflow.Condition;
import dev.rein.workflow.Loop;
import dev.rein.workflow.Parallel;
import dev.rein.workflow.PastRun;
import dev.rein.workflow.Router;
import dev.rein.workflow.Step;
import dev.rein.workflow.StepFailedException;
import dev.rein.workflow.Steps;
import dev.rein.workflow.Workflow;
import dev.rein.workflow.WorkflowStep;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The body of a workflow's run: executes its steps. */
final class WorkflowExecutor {
    private final Workflow workflow;
    private final Run run;

    /** The parallel steps whose branch states are not merged yet, innermost last. Guarded by the tree's lock. */
    private final List<ParallelBranches> unmerged = new ArrayList<>();

    WorkflowExecutor(Workflow workflow, Run run) {
        this.workflow = workflow;
        this.run = run;
    }

    @Nullable
    Object execute() throws Exception {
        var root = StepState.root(run);
        run.progress(root);
        run.beforeEnd(this::mergeAll);
        var input = run.plan().input();
        run.delivery().addMessage(Message.user(input.text(), input.images(), input.files()));
        var sequence = SequenceState.start(run.context(), input, history());
        var type = run.plan().answerType();
        executeAll(workflow.steps(), 0, type, sequence, root);
        run.enter(Phase.FINISHING, "finishing");
        var last = sequence.previous();
        var answer = last == null ? "" : last.content();
        run.delivery().setAnswer(answer, last == null ? null : outputOf(last));
        return type == null ? null : new WorkflowAnswer(type).read(answer);
    }

    /** The earlier runs of the session, oldest first. */
    private List<PastRun> history() {
        return run.earlier().stream()
                .map(each -> new PastRun(each.runId(), each.input().text(), each.text()))
                .toList();
    }

    /** The output of the run whose text is that of a step; null if no run gave it. */
    private @Nullable RunOutput outputOf(StepOutput step) {
        return run.<@Nullable RunOutput>locked(() -> run.childRuns().output(answeringRun(step)));
    }

    /** The id of the run whose text is the output of a step; null if no run gave it. */
    private static @Nullable String answeringRun(StepOutput output) {
        if (output.runId() != null || output.steps().isEmpty()) {
            return output.runId();
        }
        var inner = output.steps().getLast();
        return inner.content().equals(output.content()) ? answeringRun(inner) : null;
    }

    /**
     * Executes steps in order, until one of them ends the workflow.
     *
     * @param lap see {@link StoredStep#lap}
     * @param type the type that the last of them is asked for; null for text
     * @param parent the state of the enclosing step
     */
    private List<StepOutput> executeAll(
            List<WorkflowStep> steps, int lap, @Nullable TypeRef<?> type, SequenceState sequence, StepState parent)
            throws Exception {
        var results = new ArrayList<StepOutput>();
        for (var i = 0; i < steps.size(); i++) {
            var result = executeStep(steps.get(i), lap, i, i == steps.size() - 1 ? type : null, sequence, parent);
            results.add(result);
            if (result.stop()) {
                break;
            }
        }
        return results;
    }

    /** Executes a step, or the rest of it if it was restored. A restored step that had ended is not executed again. */
    private StepOutput executeStep(
            WorkflowStep step, int lap, int place, @Nullable TypeRef<?> type, SequenceState sequence, StepState parent)
            throws Exception {
        sequence.context().enter(Phase.STEP, "step " + step.name());
        var state = parent.substep(
                step, executor(step), lap, place, sequence.context().state());
        if (state.is(Stage.ENDED)) {
            var done = Objects.requireNonNull(state.output());
            state.end(done);
            sequence.addRestored(done);
            return done;
        }
        var questions = new StepQuestions(run, step, sequence.context().at(state.ref()), state);
        var skipped = questions.beforeStart();
        var output = skipped != null ? skipped : executeReviewed(step, questions, type, sequence, state);
        state.end(output);
        RunCheckpoint.await(run, Checkpoints.STEP, () -> {}, sequence.context().scope());
        sequence.add(output);
        return output;
    }

    /** Executes a step until people accept its output, if they are to review it. */
    private StepOutput executeReviewed(
            WorkflowStep step,
            StepQuestions questions,
            @Nullable TypeRef<?> type,
            SequenceState sequence,
            StepState state)
            throws Exception {
        if (step.humanReview().output() == null) {
            return execute(step, questions, type, sequence, state);
        }
        var before = sequence.branch(sequence.context());
        while (true) {
            StepOutput output;
            if (state.is(Stage.IN_REVIEW)) {
                output = Objects.requireNonNull(state.output());
                sequence.addRestoredSubsteps(output);
            } else {
                sequence.setRejection(state.rejection() == null ? before.rejection() : state.rejection());
                try {
                    output = execute(step, questions, type, sequence, state);
                } finally {
                    sequence.setRejection(before.rejection());
                }
            }
            var reviewed = questions.review(output);
            if (reviewed != null && reviewed.success()) {
                return reviewed;
            }
            sequence.reset(before);
            if (reviewed != null) {
                return reviewed;
            }
            sequence.context().enter(Phase.STEP, "step " + step.name());
        }
    }

    private StepOutput execute(
            WorkflowStep step,
            StepQuestions questions,
            @Nullable TypeRef<?> type,
            SequenceState sequence,
            StepState state)
            throws Exception {
        var ref = state.ref();
        return switch (step) {
            case Step one ->
                new StepExecutor(run, one, type, ref, sequence.context().at(ref), state).execute(sequence);
            case Steps steps -> steps(steps, type, ref, sequence, state);
            case Parallel parallel -> parallel(parallel, ref, sequence, state);
            case Loop loop -> loop(loop, type, ref, sequence, state);
            case Condition condition -> condition(condition, questions, type, ref, sequence, state);
            case Router router -> router(router, questions, type, ref, sequence, state);
        };
    }

    static StepKind kind(WorkflowStep step) {
        return switch (step) {
            case Step one -> StepExecutor.kind(one);
            case Steps _ -> StepKind.STEPS;
            case Parallel _ -> StepKind.PARALLEL;
            case Loop _ -> StepKind.LOOP;
            case Condition _ -> StepKind.CONDITION;
            case Router _ -> StepKind.ROUTER;
        };
    }

    private static @Nullable String executor(WorkflowStep step) {
        return step instanceof Step one && one.executor() instanceof Step.Executor.ComponentExecutor runs
                ? runs.component().id()
                : null;
    }

    private void emit(SequenceState sequence, Function<EventMeta, RunEvent> event) {
        run.emit(sequence.context().scope(), 0, event);
    }

    private StepOutput combined(StepState state, SequenceState sequence, List<StepOutput> results) {
        var stop = results.stream().anyMatch(StepOutput::stop);
        return state.result(sequence.content(results), true, null, null, stop, SequenceState.images(results));
    }

    private StepOutput steps(
            Steps steps, @Nullable TypeRef<?> type, StepRef ref, SequenceState sequence, StepState state)
            throws Exception {
        if (state.start()) {
            emit(
                    sequence,
                    meta -> new StepsExecutionStarted(meta, ref, steps.parts().size()));
        }
        var results = executeAll(steps.parts(), 0, type, sequence, state);
        emit(sequence, meta -> new StepsExecutionCompleted(meta, ref, results));
        return combined(state, sequence, results);
    }

    // ---- branches

    private record Branch(String name, AtomicReference<SequenceState> sequence, Subtask<StepOutput> subtask) {}

    private record ParallelBranches(Context context, List<Branch> branches) {}

    private StepOutput parallel(Parallel parallel, StepRef ref, SequenceState sequence, StepState state)
            throws Exception {
        var context = sequence.context();
        if (state.start()) {
            emit(
                    sequence,
                    meta -> new ParallelExecutionStarted(
                            meta, ref, parallel.parts().size()));
        }
        var branches = new ArrayList<Branch>();
        var started = new ParallelBranches(context, branches);
        run.guarded(() -> unmerged.add(started));
        for (var i = 0; i < parallel.parts().size(); i++) {
            branches.add(branch(parallel.parts().get(i), i, sequence, state));
        }
        join(context, branches);
        var results = branches.stream()
                .map(branch -> Objects.requireNonNull(branch.subtask.value()))
                .toList();
        merge(started);
        branches.forEach(branch -> sequence.join(branch.sequence.get()));
        emit(sequence, meta -> new ParallelExecutionCompleted(meta, ref, results));
        var text = new StringBuilder();
        for (var result : results) {
            if (result.success()) {
                text.append(text.isEmpty() ? "" : "\n\n")
                        .append(result.stepName())
                        .append(":\n")
                        .append(result.content());
            }
        }
        var ending = results.stream().filter(StepOutput::stop).findFirst();
        return state.result(
                ending.map(StepOutput::content).orElseGet(text::toString),
                true,
                null,
                null,
                ending.isPresent(),
                SequenceState.images(results));
    }

    private Branch branch(WorkflowStep step, int place, SequenceState sequence, StepState state) {
        var restored = state.restoredState(place);
        var base = sequence.context().state();
        var context = sequence.context().with(restored == null ? base.branch() : base.branch(restored));
        // Accessed only by the branch's own thread until that has ended.
        var branchSequence = new AtomicReference<>(sequence.branch(context));
        var subtask = context.fork("branch " + step.name(), inSubtask -> {
            branchSequence.set(branchSequence.get().branch(inSubtask));
            return executeStep(step, 0, place, null, branchSequence.get(), state);
        });
        return new Branch(step.name(), branchSequence, subtask);
    }

    /** Waits for all branches. The first failure stops the others and is thrown at the end. */
    private void join(Context context, List<Branch> branches) throws Exception {
        var remaining = new ArrayList<>(branches.stream().map(Branch::subtask).toList());
        Throwable failure = null;
        while (!remaining.isEmpty()) {
            var ended = context.awaitOver(remaining);
            remaining.removeAll(ended);
            for (var subtask : ended) {
                if (failure == null && subtask.status() == RunStatus.ERROR) {
                    failure = Objects.requireNonNull(subtask.error());
                    var request = CancelRequest.now()
                            .kind(CancelKind.SIBLING)
                            .reason("a parallel branch failed: "
                                    + Objects.requireNonNull(subtask.failure()).message());
                    remaining.forEach(each -> each.stop(request));
                }
            }
        }
        switch (failure) {
            case null -> {}
            case Exception exception -> throw exception;
            default -> throw (Error) failure;
        }
        if (branches.stream().anyMatch(branch -> branch.subtask.status() == RunStatus.CANCELLED)) {
            // A graceful stop has ended a branch before its next step, and takes effect here too.
            context.enter(Phase.STEP, "parallel branches");
            throw new IllegalStateException("a parallel branch was stopped, but its workflow was not");
        }
    }

    private void merge(ParallelBranches parallel) {
        run.guarded(() -> unmerged.remove(parallel));
        var writers = new HashMap<String, String>();
        var conflicts = new ArrayList<String>();
        for (var branch : parallel.branches) {
            conflicts.addAll(parallel.context
                    .state()
                    .merge(
                            "branch " + branch.name,
                            branch.sequence.get().context().state(),
                            writers));
        }
        if (!conflicts.isEmpty()) {
            run.conflicts(conflicts);
        }
    }

    /** Merges the branches of parallel steps that did not complete, so that an ended run keeps their state changes. */
    private void mergeAll() {
        run.locked(() -> List.copyOf(unmerged)).reversed().forEach(this::merge);
    }

    // ---- loops, conditions, routers

    private StepOutput loop(Loop loop, @Nullable TypeRef<?> type, StepRef ref, SequenceState sequence, StepState state)
            throws Exception {
        var max = loop.maxIterations();
        var initial = sequence.previous();
        if (state.start()) {
            emit(sequence, meta -> new LoopExecutionStarted(meta, ref, max));
        }
        var restoredLap = state.restoredLap();
        List<StepOutput> results = List.of();
        var done = false;
        var count = 0;
        while (!done) {
            count++;
            var iteration = count;
            sequence.context().enter(Phase.STEP, "loop " + loop.name() + ", iteration " + iteration);
            if (!loop.forwardOutput()) {
                sequence.setPrevious(initial);
            }
            if (iteration > restoredLap) {
                emit(sequence, meta -> new LoopIterationStarted(meta, ref, iteration, max));
            }
            var latest = executeAll(loop.parts(), iteration, type, sequence, state);
            results = latest;
            if (iteration < restoredLap) {
                continue;
            }
            var last = iteration == max
                    || latest.getLast().stop()
                    || callUserCode(
                            loop.name(),
                            sequence.context().at(ref),
                            () -> loop.until().isDone(latest));
            done = last;
            emit(sequence, meta -> new LoopIterationCompleted(meta, ref, iteration, max, latest, !last));
        }
        var iterations = count;
        var latest = results;
        emit(sequence, meta -> new LoopExecutionCompleted(meta, ref, iterations, latest));
        return combined(state, sequence, latest);
    }

    private StepOutput condition(
            Condition condition,
            StepQuestions questions,
            @Nullable TypeRef<?> type,
            StepRef ref,
            SequenceState sequence,
            StepState state)
            throws Exception {
        var at = sequence.context().at(ref);
        var input = sequence.input(at, Map.of());
        var holds = state.is(Stage.STARTED)
                ? state.restoredLap() == 1
                : !questions.requiresElseBranch()
                        && callUserCode(
                                condition.name(), at, () -> condition.test().holds(input));
        if (state.start()) {
            emit(sequence, meta -> new ConditionExecutionStarted(meta, ref, holds));
        }
        var results =
                executeAll(holds ? condition.then() : condition.otherwise(), holds ? 1 : 0, type, sequence, state);
        emit(sequence, meta -> new ConditionExecutionCompleted(meta, ref, holds, results));
        return combined(state, sequence, results);
    }

    private StepOutput router(
            Router router,
            StepQuestions questions,
            @Nullable TypeRef<?> type,
            StepRef ref,
            SequenceState sequence,
            StepState state)
            throws Exception {
        var byName = new LinkedHashMap<String, WorkflowStep>();
        router.parts().forEach(part -> byName.put(part.name(), part));
        var restored = state.choices();
        var selected =
                restored != null ? restored : choose(router, questions, ref, sequence, List.copyOf(byName.keySet()));
        for (var name : selected) {
            if (!byName.containsKey(name)) {
                throw new StepFailedException(
                        router.name(), "it chose \"" + name + "\"; its choices are " + byName.keySet(), null);
            }
        }
        state.setChoices(selected);
        if (state.start()) {
            emit(sequence, meta -> new RouterExecutionStarted(meta, ref, selected));
        }
        var results = executeAll(
                selected.stream()
                        .map(name -> Objects.requireNonNull(byName.get(name)))
                        .toList(),
                0,
                type,
                sequence,
                state);
        emit(sequence, meta -> new RouterExecutionCompleted(meta, ref, selected, results));
        return combined(state, sequence, results);
    }

    private List<String> choose(
            Router router, StepQuestions questions, StepRef ref, SequenceState sequence, List<String> choices)
            throws Exception {
        var at = sequence.context().at(ref);
        return switch (router.selector()) {
            case Router.Selector.ByFunction function -> {
                var input = sequence.input(at, Map.of());
                List<String> names =
                        callUserCode(router.name(), at, () -> function.choice().choose(input));
                if (names == null) {
                    throw new StepFailedException(
                            router.name(), "it chose null: return a list, which may be empty", null);
                }
                yield List.copyOf(names);
            }
            case Router.Selector.ByPeople people ->
                questions.choose(people.question(), choices, asked -> meta -> new RouterPaused(meta, ref, asked));
        };
    }

    /** Calls user code of a step. Its exceptions become the failure of the step. */
    static <T extends @Nullable Object> T callUserCode(
            String name, Context at, CancellableWaits.UserCode<T, Exception> code) throws Exception {
        try {
            return UserCode.call(at, CallInterceptor.Kind.STEP, name, code);
        } catch (CancelledException e) {
            throw e;
        } catch (Exception e) {
            at.scope().throwIfCancelled();
            throw new StepFailedException(name, RunFailure.of(e).describe(), e);
        }
    }
}
