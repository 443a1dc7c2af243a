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
import dev.rein.run.ToolExecution;
import dev.rein.run.TypeRef;
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
import dev.rein.workflow.PastRun;
import dev.rein.workflow.Step;
import dev.rein.workflow.StepFailedException;
import dev.rein.workflow.StepFunction;
import dev.rein.workflow.Workflow;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Executes one step: attempts it, with retries, until it has a result. */
final class StepExecutor {
    private final Run run;
    private final Step step;
    private final @Nullable TypeRef<?> type;
    private final StepRef ref;
    private final Context at;
    private final StepState state;

    /** @param type the type that its agent, team or workflow is asked for; null for text */
    StepExecutor(Run run, Step step, @Nullable TypeRef<?> type, StepRef ref, Context at, StepState state) {
        this.run = run;
        this.step = step;
        this.type = type;
        this.ref = ref;
        this.at = at;
        this.state = state;
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

    /** The failure of one attempt. */
    private static final class AttemptFailedException extends Exception {
        private static final long serialVersionUID = 1L;

        /** Whether the step's run was stopped or can't be resumed: there is no further attempt. */
        final boolean cancelled;

        final String partial;

        AttemptFailedException(String message, boolean cancelled, String partial, @Nullable Throwable cause) {
            super(message, cause);
            this.cancelled = cancelled;
            this.partial = partial;
        }

        /** The failure of a restored step, on which people were asked to decide. */
        static AttemptFailedException restored(StepOutput output) {
            return new AttemptFailedException(String.valueOf(output.error()), false, output.content(), null);
        }
    }

    StepOutput execute(SequenceState sequence) throws Exception {
        var decision = state.decision();
        Map<String, Object> values = decision == null ? Map.of() : decision.values();
        if (state.start()) {
            run.emit(at.scope(), 0, meta -> new StepStarted(meta, ref));
        }
        return attemptUntilDone(sequence, values);
    }

    /** Attempts the step until it succeeds, is skipped or fails for good. */
    private StepOutput attemptUntilDone(SequenceState sequence, Map<String, Object> values) throws Exception {
        var failed =
                state.is(Stage.FAILED) ? AttemptFailedException.restored(Objects.requireNonNull(state.output())) : null;
        var attempt = 1;
        while (true) {
            if (failed == null) {
                try {
                    return completed(attempt(sequence, values));
                } catch (AttemptFailedException e) {
                    at.scope().throwIfCancelled();
                    failed = e;
                }
                var retry = !failed.cancelled && attempt <= step.retry().retries();
                emitError(failed, attempt, retry);
                if (retry) {
                    failed = null;
                    at.enter(Phase.WAITING, "back-off before retry " + attempt + " of step " + step.name());
                    at.scope().sleep(step.retry().delay(attempt));
                    attempt++;
                }
            }
            if (failed != null) {
                if (!retriesAfter(failed)) {
                    return completed(failed(message(failed), failed.partial));
                }
                state.restart();
                failed = null;
                attempt = 1;
            }
            at.enter(Phase.STEP, "step " + step.name());
        }
    }

    private static String message(Throwable e) {
        return RunFailure.of(e).message();
    }

    private void emitError(AttemptFailedException e, int attempt, boolean retried) {
        var message = message(e);
        run.emit(at.scope(), message.length(), meta -> new StepError(meta, ref, message, attempt, retried));
    }

    /**
     * Applies the error policy after the last attempt.
     *
     * @return whether the step is attempted again; false if it is skipped
     * @throws StepFailedException if the step fails the workflow
     */
    private boolean retriesAfter(AttemptFailedException e) {
        var policy = state.is(Stage.FAILED) ? OnError.PAUSE : e.cancelled ? step.onCancelled() : step.onError();
        var action = switch (policy) {
            case FAIL -> Decision.Action.REJECT;
            case SKIP -> Decision.Action.SKIP;
            case PAUSE -> {
                state.setFailed(failed(message(e), e.partial));
                yield ask(at, afterError(message(e))).action();
            }
        };
        if (action == Decision.Action.REJECT) {
            state.end(failed(message(e), e.partial));
            throw new StepFailedException(step.name(), message(e), e.getCause());
        }
        return action == Decision.Action.RETRY;
    }

    private Requirement afterError(String error) {
        var message = "Step \"" + step.name() + "\" failed: " + error;
        return at.requirement(Requirement.Kind.ERROR, message, List.of(), null);
    }

    private Decision ask(Context context, Requirement requirement) {
        return state.ask(context, requirement, meta -> new StepPaused(meta, ref, requirement));
    }

    private StepOutput failed(String error, String partial) {
        return state.result(partial, false, error, null, false, List.of());
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

    /** Makes one attempt, in a subtask if the step has a timeout. */
    private StepOutput attempt(SequenceState sequence, Map<String, Object> values) throws AttemptFailedException {
        var timeout = step.timeout();
        try {
            if (timeout == null) {
                return runExecutor(at, sequence, values);
            }
            var subtask = at.fork(
                    "step " + step.name(), null, timeout, in -> runExecutor(in, sequence, values), _ -> {}, _ -> {});
            at.awaitOver(List.of(subtask));
            return switch (subtask.status()) {
                case COMPLETED -> Objects.requireNonNull(subtask.value());
                case ERROR ->
                    throw subtask.error() instanceof Exception e
                            ? e
                            : new AttemptFailedException("Error", false, "", subtask.error());
                default -> {
                    at.enter(Phase.WAITING, "step " + step.name());
                    throw new AttemptFailedException(
                            Objects.requireNonNull(subtask.cause()).reason(), false, "", null);
                }
            };
        } catch (AttemptFailedException | CancelledException e) {
            throw rethrown(e);
        } catch (Exception e) {
            at.scope().throwIfCancelled();
            throw new AttemptFailedException(RunFailure.of(e).describe(), false, "", e);
        }
    }

    private static AttemptFailedException rethrown(Exception e) {
        if (e instanceof AttemptFailedException failed) {
            return failed;
        }
        throw (CancelledException) e;
    }

    private StepOutput runExecutor(Context in, SequenceState sequence, Map<String, Object> values) throws Exception {
        return switch (step.executor()) {
            case Step.Executor.ComponentExecutor runs -> runComponent(runs.component(), in, sequence, values);
            case Step.Executor.FunctionExecutor calls -> callFunction(calls.function(), in, sequence, values);
            case Step.Executor.ExternalExecutor elsewhere -> {
                var decision = ask(in, in.requirement(elsewhere.question(), (ToolExecution) null));
                if (decision.action() == Decision.Action.REJECT) {
                    var reason = decision.note();
                    throw new AttemptFailedException(
                            "it was rejected" + (reason == null ? "" : ": " + reason), false, "", null);
                }
                var result = String.valueOf(decision.result());
                yield state.result(result, true, null, null, false, List.of());
            }
        };
    }

    private StepOutput callFunction(
            StepFunction function, Context in, SequenceState sequence, Map<String, Object> values) throws Exception {
        var input = sequence.input(in, values);
        @Nullable
        StepOutput output = UserCode.call(in, CallInterceptor.Kind.STEP, step.name(), () -> function.execute(input));
        in.scope().throwIfCancelled();
        if (output == null) {
            throw new AttemptFailedException("its function returned null: return StepOutput.of(..)", false, "", null);
        }
        return state.result(output.content(), output.success(), output.error(), null, output.stop(), output.images());
    }

    /** Runs a component, or resumes its paused run. */
    private RunOutput runOrResume(Component component, Context in, RunInput input) throws AttemptFailedException {
        var resumed = state.restoredRun();
        var runId = resumed == null ? Ids.ofRun() : resumed.row().runId();
        var options =
                RunOptions.defaults().runId(runId).parent(in.resuming(resumed)).metadata(in.metadata());
        if (resumed != null) {
            run.emit(in.scope(), 0, meta -> new StepExecutorContinued(meta, ref, component.id(), runId));
        }
        state.setRunId(runId);
        try {
            var asked = resumed == null ? type : resumed.typeOf(run.plan().answerType());
            return asked == null
                    ? component.run(input, options)
                    : component.run(input, asked, options).output();
        } catch (RunRejectedException e) {
            if (resumed == null) {
                throw e;
            }
            // Another attempt would be a new run, which would repeat the work of the paused one.
            throw new AttemptFailedException(message(e), true, resumed.row().text(), e);
        } finally {
            state.setRunId(null);
        }
    }

    private static void addHistory(StringBuilder text, List<PastRun> history) {
        if (history.isEmpty()) {
            return;
        }
        text.append("<workflow_history_context>\n");
        var number = 0;
        for (var past : history) {
            number++;
            text.append("[Workflow Run-").append(number).append("]\n");
            text.append("User input: ").append(past.input()).append('\n');
            text.append("Workflow output: ").append(past.output()).append("\n\n");
        }
        text.append("</workflow_history_context>\n\n");
    }

    private StepOutput runComponent(Component component, Context in, SequenceState sequence, Map<String, Object> values)
            throws AttemptFailedException {
        var input = sequence.input(in, values);
        var text = new StringBuilder();
        addHistory(text, input.history());
        // An agent can't work on nothing.
        text.append(input.text().isBlank() ? input.input().text() : input.text());
        values.forEach(
                (name, value) -> text.append("\n\n").append(name).append(": ").append(value));
        var rejection = input.rejection();
        if (rejection != null) {
            text.append("\n\nYour previous output:\n").append(rejection.output().content());
            if (rejection.note() != null) {
                text.append("\n\nFeedback from reviewer:\n").append(rejection.note());
            }
        }
        var output = runOrResume(component, in, new RunInput(text.toString(), input.images(), input.files()));
        if (output.status() == RunStatus.COMPLETED) {
            return state.result(
                    output.text(),
                    true,
                    null,
                    output.runId(),
                    false,
                    SequenceState.images(output.steps()),
                    output.steps());
        }
        if (output.status() == RunStatus.ERROR) {
            var failure = Objects.requireNonNull(output.failure());
            throw new AttemptFailedException(failure.message(), false, output.text(), failure.exception());
        }
        var reason = Objects.requireNonNull(output.cause()).reason();
        run.guarded(() -> {
            state.setPartialOutput(
                    state.result(output.text(), false, "Stopped: " + reason, output.runId(), false, List.of()));
            // A graceful stop of the workflow that waited for the step's run takes effect here.
            in.enter(Phase.WAITING, "step " + step.name());
        });
        var nested = component instanceof Workflow ? "its workflow" : "its run";
        throw new AttemptFailedException(nested + " was cancelled: " + reason, true, output.text(), null);
    }
}
