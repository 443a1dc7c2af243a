package dev.rein.internal.workflow;

import dev.rein.cancel.CancelledException;
import dev.rein.internal.Ids;
import dev.rein.internal.run.Context;
import dev.rein.internal.run.Run;
import dev.rein.internal.run.UserCode;
import dev.rein.internal.stop.Phase;
import dev.rein.run.CallInterceptor;
import dev.rein.run.Decision;
import dev.rein.run.Requirement;
import dev.rein.run.RunFailure;
import dev.rein.run.RunInput;
import dev.rein.run.RunOutput;
import dev.rein.run.RunRejectedException;
import dev.rein.run.RunStatus;
import dev.rein.run.StepKind;
import dev.rein.run.StepOutput;
import dev.rein.run.StepRef;
import dev.rein.run.event.StepCompleted;
import dev.rein.run.event.StepError;
import dev.rein.run.event.StepExecutorContinued;
import dev.rein.run.event.StepPaused;
import dev.rein.run.event.StepResult;
import dev.rein.run.event.StepStarted;
import dev.rein.runtime.Component;
import dev.rein.runtime.RunOptions;
import dev.rein.session.StoredStep.Stage;
import dev.rein.workflow.OnError;
import dev.rein.workflow.Step;
import dev.rein.workflow.StepFailedException;
import dev.rein.workflow.StepFunction;
import dev.rein.workflow.Workflow;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One step in a run: asks people first if need be, is tried, tried again, and comes to a result. */
final class StepExecutor {
    private final Run run;
    private final Step step;
    private final StepRef ref;
    private final Context at;
    private final StepState node;

    StepExecutor(Run run, Step step, StepRef ref, Context at, StepState node) {
        this.run = run;
        this.step = step;
        this.ref = ref;
        this.at = at;
        this.node = node;
    }

    static StepKind kind(Step step) {
        return switch (step.executor()) {
            case Step.Executor.ComponentExecutor runs ->
                switch (runs.component().kind()) {
                    case AGENT -> StepKind.AGENT;
                    case TEAM -> StepKind.TEAM;
                    case WORKFLOW -> StepKind.WORKFLOW;
                };
            case Step.Executor.FunctionExecutor _ -> StepKind.FUNCTION;
            case Step.Executor.ExternalExecutor _ -> StepKind.EXTERNAL;
        };
    }

    /** What went wrong in one try. */
    private static final class Failed extends Exception {
        private static final long serialVersionUID = 1L;

        /** Its run was stopped, or can't go on: there is no other try. */
        final boolean cancelled;

        final String partial;

        Failed(String message, boolean cancelled, String partial, @Nullable Throwable cause) {
            super(message, cause);
            this.cancelled = cancelled;
            this.partial = partial;
        }

        /** In another process, which has asked people what now. */
        static Failed before(StepOutput output) {
            return new Failed(String.valueOf(output.error()), false, output.content(), null);
        }
    }

    StepOutput execute(Flow flow) throws Exception {
        Map<String, Object> values = Map.of();
        var question = step.question();
        if (question != null && node.is(Stage.ASKS)) {
            node.decided(ask(at, at.requirement(question, null)));
        }
        var decision = node.decision();
        if (decision != null) {
            if (decision.action() == Decision.Action.REJECT) {
                var why = decision.note();
                return failed("It was not allowed" + (why == null ? "." : ": " + why), "");
            }
            values = decision.values();
        }
        if (node.begins()) {
            run.emit(at.scope(), 0, meta -> new StepStarted(meta, ref));
        }
        return untilDone(flow, values);
    }

    /** Tries, and tries again. */
    private StepOutput untilDone(Flow flow, Map<String, Object> values) throws Exception {
        var failed = node.is(Stage.FAILED) ? Failed.before(Objects.requireNonNull(node.output())) : null;
        var tries = 1;
        while (true) {
            if (failed == null) {
                try {
                    return completed(once(flow, values));
                } catch (Failed e) {
                    at.scope().throwIfCancelled();
                    failed = e;
                }
                var again = !failed.cancelled && tries <= step.retry().retries();
                show(failed, tries, again);
                if (again) {
                    failed = null;
                    at.enter(Phase.WAITING, "back-off before retry " + tries + " of step " + step.name());
                    at.scope().sleep(step.retry().delay(tries));
                    tries++;
                }
            }
            if (failed != null) {
                if (!goesOnAfter(failed)) {
                    return completed(failed(message(failed), failed.partial));
                }
                node.beginsAgain();
                failed = null;
                tries = 1;
            }
            at.enter(Phase.STEP, "step " + step.name());
        }
    }

    private static String message(Throwable e) {
        return RunFailure.of(e).message();
    }

    private void show(Failed e, int attempt, boolean retried) {
        var message = message(e);
        run.emit(at.scope(), message.length(), meta -> new StepError(meta, ref, message, attempt, retried));
    }

    /**
     * What follows a failure for good.
     *
     * @return whether the step is tried again; false if it is skipped
     */
    private boolean goesOnAfter(Failed e) {
        var policy = node.is(Stage.FAILED) ? OnError.PAUSE : e.cancelled ? step.onCancelled() : step.onError();
        var action = switch (policy) {
            case FAIL -> Decision.Action.REJECT;
            case SKIP -> Decision.Action.SKIP;
            case PAUSE -> {
                node.failed(failed(message(e), e.partial));
                yield ask(at, afterError(message(e))).action();
            }
        };
        if (action == Decision.Action.REJECT) {
            node.end(failed(message(e), e.partial));
            throw new StepFailedException(step.name(), message(e), e.getCause());
        }
        return action == Decision.Action.RETRY;
    }

    private Requirement afterError(String error) {
        var message = "Step \"" + step.name() + "\" failed: " + error;
        return at.requirement(Requirement.Kind.ERROR, message, List.of());
    }

    private Decision ask(Context asking, Requirement requirement) {
        return node.ask(asking, requirement, meta -> new StepPaused(meta, ref, requirement));
    }

    private StepOutput failed(String error, String partial) {
        return node.filled(partial, false, error, null, false, List.of());
    }

    private StepOutput completed(StepOutput output) {
        if (step.executor() instanceof Step.Executor.FunctionExecutor) {
            run.emit(at.scope(), output.content().length(), meta -> new StepResult(meta, ref, output));
        }
        if (!output.stop()) {
            run.emit(at.scope(), output.content().length(), meta -> new StepCompleted(meta, ref, output));
        }
        return output;
    }

    private StepOutput once(Flow flow, Map<String, Object> values) throws Failed {
        var timeout = step.timeout();
        try {
            if (timeout == null) {
                return tried(at, flow, values);
            }
            var piece = at.fork("step " + step.name(), null, timeout, in -> tried(in, flow, values), _ -> {}, _ -> {});
            at.awaitOver(List.of(piece));
            return switch (piece.status()) {
                case COMPLETED -> Objects.requireNonNull(piece.value());
                case ERROR ->
                    throw piece.error() instanceof Exception e ? e : new Failed("Error", false, "", piece.error());
                default -> {
                    at.enter(Phase.WAITING, "step " + step.name());
                    throw new Failed(Objects.requireNonNull(piece.cause()).reason(), false, "", null);
                }
            };
        } catch (Failed | CancelledException e) {
            throw rethrown(e);
        } catch (Exception e) {
            at.scope().throwIfCancelled();
            throw new Failed(RunFailure.of(e).describe(), false, "", e);
        }
    }

    private static Failed rethrown(Exception e) {
        if (e instanceof Failed failed) {
            return failed;
        }
        throw (CancelledException) e;
    }

    private StepOutput tried(Context in, Flow flow, Map<String, Object> values) throws Exception {
        return switch (step.executor()) {
            case Step.Executor.ComponentExecutor runs -> runs(runs.component(), in, flow, values);
            case Step.Executor.FunctionExecutor calls -> calls(calls.function(), in, flow, values);
            case Step.Executor.ExternalExecutor elsewhere -> {
                var decision = ask(in, in.requirement(elsewhere.question(), null));
                if (decision.action() == Decision.Action.REJECT) {
                    var why = decision.note();
                    throw new Failed("it was not done" + (why == null ? "" : ": " + why), false, "", null);
                }
                var result = String.valueOf(decision.result());
                yield node.filled(result, true, null, null, false, List.of());
            }
        };
    }

    private StepOutput calls(StepFunction function, Context in, Flow flow, Map<String, Object> values)
            throws Exception {
        var input = flow.input(in, values);
        @Nullable
        StepOutput output = UserCode.call(in, CallInterceptor.Kind.STEP, step.name(), () -> function.execute(input));
        in.scope().throwIfCancelled();
        if (output == null) {
            throw new Failed("its function returned null: return StepOutput.of(..)", false, "", null);
        }
        return node.filled(output.content(), output.success(), output.error(), null, output.stop(), output.images());
    }

    /** Has its executor run, or go on with the run that another process has left. */
    private RunOutput run(Component component, Context in, RunInput input) throws Failed {
        var left = node.leftRun();
        var runId = left == null ? Ids.ofRun() : left.row().runId();
        var options = RunOptions.defaults()
                .runId(runId)
                .parent(in.resuming(left))
                .metadata(run.plan().options().metadata());
        if (left != null) {
            run.emit(in.scope(), 0, meta -> new StepExecutorContinued(meta, ref, component.id(), runId));
        }
        node.executedBy(runId);
        try {
            return component.run(input, options);
        } catch (RunRejectedException e) {
            if (left == null) {
                throw e;
            }
            // Another try would be another run, which does again what the one that was left has done.
            throw new Failed(message(e), true, left.row().text(), e);
        } finally {
            node.executedBy(null);
        }
    }

    private StepOutput runs(Component component, Context in, Flow flow, Map<String, Object> values) throws Failed {
        var input = flow.input(in, values);
        var text = new StringBuilder(input.text());
        values.forEach(
                (name, value) -> text.append("\n\n").append(name).append(": ").append(value));
        var output = run(component, in, new RunInput(text.toString(), input.images()));
        if (output.status() == RunStatus.COMPLETED) {
            return node.filled(output.text(), true, null, output.runId(), false, List.of());
        }
        if (output.status() == RunStatus.ERROR) {
            var failure = Objects.requireNonNull(output.failure());
            throw new Failed(failure.message(), false, output.text(), failure.exception());
        }
        var reason = Objects.requireNonNull(output.cause()).reason();
        run.guarded(() -> {
            node.soFar(node.filled(output.text(), false, "Stopped: " + reason, output.runId(), false, List.of()));
            // A stop of the workflow that let only the step's run go on ends here.
            in.enter(Phase.WAITING, "step " + step.name());
        });
        var nested = component instanceof Workflow ? "its workflow" : "its run";
        throw new Failed(nested + " was cancelled: " + reason, true, output.text(), null);
    }
}
