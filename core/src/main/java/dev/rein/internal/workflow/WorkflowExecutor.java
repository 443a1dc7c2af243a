package dev.rein.internal.workflow;

import dev.rein.cancel.CancelKind;
import dev.rein.cancel.CancelRequest;
import dev.rein.cancel.CancelledException;
import dev.rein.internal.run.Context;
import dev.rein.internal.run.Run;
import dev.rein.internal.run.Subtask;
import dev.rein.internal.run.UserCode;
import dev.rein.internal.stop.Phase;
import dev.rein.model.Message;
import dev.rein.run.CallInterceptor;
import dev.rein.run.Decision;
import dev.rein.run.Requirement;
import dev.rein.run.RunFailure;
import dev.rein.run.RunStatus;
import dev.rein.run.StepKind;
import dev.rein.run.StepOutput;
import dev.rein.run.StepRef;
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
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One run of a workflow: goes through its steps. */
final class WorkflowExecutor {
    private final Workflow workflow;
    private final Run run;

    /** Branches whose states are not merged yet, those of the innermost last. Guarded by the tree's lock. */
    private final List<Fork> forks = new ArrayList<>();

    WorkflowExecutor(Workflow workflow, Run run) {
        this.workflow = workflow;
        this.run = run;
    }

    @Nullable
    Object execute() throws Exception {
        var top = StepState.top(run);
        run.progress(top);
        run.whenQuiet(this::mergeLeft);
        var input = run.plan().input();
        run.delivery().say(Message.user(input.text(), input.images()));
        var flow = Flow.begin(run.context(), input);
        sequence(workflow.steps(), 0, flow, top);
        run.enter(Phase.FINISHING, "finishing");
        var last = flow.previous();
        run.delivery().conclude(last == null ? "" : last.content());
        return null;
    }

    /**
     * Executes steps one after the other, until one of them ends the workflow.
     *
     * @param lap which time through what they are in; see {@link StoredStep#lap}
     */
    private List<StepOutput> sequence(List<WorkflowStep> steps, int lap, Flow flow, StepState in) throws Exception {
        var results = new ArrayList<StepOutput>();
        for (var i = 0; i < steps.size(); i++) {
            var result = step(steps.get(i), lap, i, flow, in);
            results.add(result);
            if (result.stop()) {
                break;
            }
        }
        return results;
    }

    /** Executes a step: all of it, what another process has left of it, or, if nothing is left, nothing. */
    private StepOutput step(WorkflowStep step, int lap, int place, Flow flow, StepState in) throws Exception {
        flow.context().enter(Phase.STEP, "step " + step.name());
        var node = in.part(step, executor(step), lap, place, flow.context().state());
        var ref = node.ref();
        if (node.is(Stage.OVER)) {
            var done = Objects.requireNonNull(node.output());
            node.end(done);
            flow.overSince(done);
            return done;
        }
        var output = switch (step) {
            case Step one -> new StepExecutor(run, one, ref, flow.context().at(ref), node).execute(flow);
            case Steps steps -> steps(steps, ref, flow, node);
            case Parallel parallel -> parallel(parallel, ref, flow, node);
            case Loop loop -> loop(loop, ref, flow, node);
            case Condition condition -> condition(condition, ref, flow, node);
            case Router router -> router(router, ref, flow, node);
        };
        node.end(output);
        flow.over(output);
        return output;
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

    private void emit(Flow flow, Function<EventMeta, RunEvent> event) {
        run.emit(flow.context().scope(), 0, event);
    }

    private StepOutput composed(StepState node, Flow flow, List<StepOutput> results) {
        var stop = results.stream().anyMatch(StepOutput::stop);
        return node.filled(flow.content(results), true, null, null, stop, List.of());
    }

    private StepOutput steps(Steps steps, StepRef ref, Flow flow, StepState node) throws Exception {
        if (node.begins()) {
            emit(
                    flow,
                    meta -> new StepsExecutionStarted(meta, ref, steps.parts().size()));
        }
        var results = sequence(steps.parts(), 0, flow, node);
        emit(flow, meta -> new StepsExecutionCompleted(meta, ref, results));
        return composed(node, flow, results);
    }

    // ---- branches

    private record Branch(String name, AtomicReference<Flow> flow, Subtask<StepOutput> piece) {}

    private record Fork(Context context, List<Branch> branches) {}

    private StepOutput parallel(Parallel parallel, StepRef ref, Flow flow, StepState node) throws Exception {
        var context = flow.context();
        if (node.begins()) {
            emit(
                    flow,
                    meta -> new ParallelExecutionStarted(
                            meta, ref, parallel.parts().size()));
        }
        var branches = new ArrayList<Branch>();
        var fork = new Fork(context, branches);
        run.guarded(() -> forks.add(fork));
        for (var i = 0; i < parallel.parts().size(); i++) {
            branches.add(branch(parallel.parts().get(i), i, flow, node));
        }
        join(context, branches);
        var results = branches.stream()
                .map(branch -> Objects.requireNonNull(branch.piece.value()))
                .toList();
        merge(fork);
        branches.forEach(branch -> flow.join(branch.flow.get()));
        emit(flow, meta -> new ParallelExecutionCompleted(meta, ref, results));
        var text = new StringBuilder();
        for (var result : results) {
            if (result.success()) {
                text.append(text.isEmpty() ? "" : "\n\n")
                        .append(result.stepName())
                        .append(":\n")
                        .append(result.content());
            }
        }
        var stop = results.stream().anyMatch(StepOutput::stop);
        return node.filled(text.toString(), true, null, null, stop, List.of());
    }

    private Branch branch(WorkflowStep step, int place, Flow flow, StepState node) {
        var left = node.leftState(place);
        var given = flow.context().state();
        var state = left == null ? given.branch() : given.branch(left);
        var base = flow.context().with(state);
        // Of the branch's own thread until that has ended.
        var own = new AtomicReference<>(flow.branch(base));
        var piece = base.fork("branch " + step.name(), context -> {
            own.set(own.get().branch(context));
            return step(step, 0, place, own.get(), node);
        });
        return new Branch(step.name(), own, piece);
    }

    /** Waits for all; the failure of one stops the others, and is the failure of all. */
    private void join(Context context, List<Branch> branches) throws Exception {
        var rest = new ArrayList<>(branches.stream().map(Branch::piece).toList());
        Throwable failure = null;
        while (!rest.isEmpty()) {
            var over = context.awaitOver(rest);
            rest.removeAll(over);
            for (var piece : over) {
                if (failure == null && piece.status() == RunStatus.ERROR) {
                    failure = Objects.requireNonNull(piece.error());
                    var why = CancelRequest.now()
                            .kind(CancelKind.SIBLING)
                            .reason("a parallel branch failed: "
                                    + Objects.requireNonNull(piece.failure()).message());
                    rest.forEach(each -> each.stop(why));
                }
            }
        }
        switch (failure) {
            case null -> {}
            case Exception exception -> throw exception;
            default -> throw (Error) failure;
        }
        if (branches.stream().anyMatch(branch -> branch.piece.status() == RunStatus.CANCELLED)) {
            // A graceful stop did not let a branch go on, so neither does it let this.
            context.enter(Phase.STEP, "parallel branches");
            throw new IllegalStateException("a parallel branch was stopped, and its workflow was not");
        }
    }

    private void merge(Fork fork) {
        run.guarded(() -> forks.remove(fork));
        var writers = new HashMap<String, String>();
        var conflicts = new ArrayList<String>();
        for (var branch : fork.branches) {
            conflicts.addAll(fork.context
                    .state()
                    .merge("branch " + branch.name, branch.flow.get().context().state(), writers));
        }
        if (!conflicts.isEmpty()) {
            run.conflicts(conflicts);
        }
    }

    /** A run that ends early keeps what its branches have changed, as it keeps what its other steps have. */
    private void mergeLeft() {
        run.locked(() -> List.copyOf(forks)).reversed().forEach(this::merge);
    }

    // ---- loops, conditions, routers

    private StepOutput loop(Loop loop, StepRef ref, Flow flow, StepState node) throws Exception {
        var most = loop.maxIterations();
        var given = flow.previous();
        if (node.begins()) {
            emit(flow, meta -> new LoopExecutionStarted(meta, ref, most));
        }
        var leftIn = node.leftInLap();
        List<StepOutput> results = List.of();
        var done = false;
        var count = 0;
        while (!done) {
            count++;
            var iteration = count;
            flow.context().enter(Phase.STEP, "loop " + loop.name() + ", iteration " + iteration);
            if (!loop.forwardOutput()) {
                flow.previous(given);
            }
            if (iteration > leftIn) {
                emit(flow, meta -> new LoopIterationStarted(meta, ref, iteration, most));
            }
            var latest = sequence(loop.parts(), iteration, flow, node);
            results = latest;
            if (iteration < leftIn) {
                continue;
            }
            var last = iteration == most
                    || latest.getLast().stop()
                    || asked(
                            loop.name(),
                            flow.context().at(ref),
                            () -> loop.until().isDone(latest));
            done = last;
            emit(flow, meta -> new LoopIterationCompleted(meta, ref, iteration, most, latest, !last));
        }
        var iterations = count;
        var latest = results;
        emit(flow, meta -> new LoopExecutionCompleted(meta, ref, iterations, latest));
        return composed(node, flow, latest);
    }

    private StepOutput condition(Condition condition, StepRef ref, Flow flow, StepState node) throws Exception {
        var at = flow.context().at(ref);
        var input = flow.input(at, Map.of());
        var holds = node.is(Stage.BEGUN)
                ? node.leftInLap() == 1
                : asked(condition.name(), at, () -> condition.test().holds(input));
        if (node.begins()) {
            emit(flow, meta -> new ConditionExecutionStarted(meta, ref, holds));
        }
        var results = sequence(holds ? condition.then() : condition.otherwise(), holds ? 1 : 0, flow, node);
        emit(flow, meta -> new ConditionExecutionCompleted(meta, ref, holds, results));
        return composed(node, flow, results);
    }

    private StepOutput router(Router router, StepRef ref, Flow flow, StepState node) throws Exception {
        var byName = new LinkedHashMap<String, WorkflowStep>();
        router.parts().forEach(part -> byName.put(part.name(), part));
        var before = node.choices();
        var selected = before != null ? before : chosen(router, ref, flow, node, List.copyOf(byName.keySet()));
        for (var name : selected) {
            if (!byName.containsKey(name)) {
                throw new StepFailedException(
                        router.name(), "it chose \"" + name + "\"; its choices are " + byName.keySet(), null);
            }
        }
        node.chose(selected);
        if (node.begins()) {
            emit(flow, meta -> new RouterExecutionStarted(meta, ref, selected));
        }
        var results = sequence(
                selected.stream()
                        .map(name -> Objects.requireNonNull(byName.get(name)))
                        .toList(),
                0,
                flow,
                node);
        emit(flow, meta -> new RouterExecutionCompleted(meta, ref, selected, results));
        return composed(node, flow, results);
    }

    private List<String> chosen(Router router, StepRef ref, Flow flow, StepState node, List<String> choices)
            throws Exception {
        var at = flow.context().at(ref);
        return switch (router.selector()) {
            case Router.Selector.ByFunction function -> {
                var input = flow.input(at, Map.of());
                List<String> names =
                        asked(router.name(), at, () -> function.choice().choose(input));
                if (names == null) {
                    throw new StepFailedException(
                            router.name(), "it chose null: return a list, if need be an empty one", null);
                }
                yield List.copyOf(names);
            }
            case Router.Selector.ByPeople people -> {
                var question = at.requirement(Requirement.Kind.ROUTE, people.question(), choices);
                var decision = node.ask(at, question, meta -> new RouterPaused(meta, ref, question));
                yield decision.action() == Decision.Action.CHOOSE ? decision.choices() : List.of();
            }
        };
    }

    /** Asks code of the user's; what it throws is the failure of the step. */
    private static <T extends @Nullable Object> T asked(String name, Context at, Callable<T> code) throws Exception {
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
