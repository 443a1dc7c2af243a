package dev.rein.internal.agent;

import dev.rein.agent.AgentSettings;
import dev.rein.guardrail.GuardrailException;
import dev.rein.internal.InterruptionTexts;
import dev.rein.internal.pause.ResumedRun;
import dev.rein.internal.pause.RunCheckpoint;
import dev.rein.internal.run.Run;
import dev.rein.internal.run.Subtask;
import dev.rein.internal.stop.Phase;
import dev.rein.model.ToolCall;
import dev.rein.queue.Checkpoints;
import dev.rein.run.Decision;
import dev.rein.run.Requirement;
import dev.rein.run.RunListener;
import dev.rein.run.RunListener.Outcome;
import dev.rein.run.RunStatus;
import dev.rein.run.ToolExecution;
import dev.rein.run.event.RunContentCompleted;
import dev.rein.run.event.ToolCallCompleted;
import dev.rein.run.event.ToolCallError;
import dev.rein.run.event.ToolCallStarted;
import dev.rein.tool.StopRunException;
import dev.rein.tool.ToolOptions;
import dev.rein.tool.ToolRetryException;
import dev.rein.tool.ToolSpec;
import dev.rein.tool.ToolVisibility;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Executes the tool calls of a response, concurrently unless configured otherwise, each in its own subtask. */
final class ToolBatch {
    static final String SUBTASK_PREFIX = "tool ";

    /** How many turns back a repetition is recognized. */
    private static final int MAX_RECENT_TURNS = 20;

    private static final String HIDDEN_RESULT = "(hidden)";

    /** The maximum length of a result in an error message, in characters. */
    private static final int MAX_QUOTED_RESULT = 200;

    private final AgentSettings settings;
    private final Run run;
    private final Map<String, ToolSpec> tools = new HashMap<>();
    private final ToolCaller caller;
    private final ToolChecks checks;
    private int executed;

    /** Whether a graceful stop has skipped calls of the current batch. */
    private boolean skipsCalls;

    /** The executions of the current turn. */
    private final List<ToolExecution> completed = new ArrayList<>();

    /** How the run ends after the current batch. */
    private EarlyEnd end = new EarlyEnd();

    private final LinkedHashSet<TurnResults> recentTurns = new LinkedHashSet<>();

    /** The number of consecutive turns without progress. */
    private int fruitlessTurns;

    ToolBatch(AgentSettings settings, Run run, ToolChecks checks) {
        this.settings = settings;
        this.run = run;
        this.checks = checks;
        this.caller = new ToolCaller(settings, run, checks);
        settings.tools().forEach(tool -> tools.put(tool.name(), tool));
    }

    /** Forgets the results that were kept for the model. Called at the end of the run. */
    void release() {
        caller.release();
    }

    void execute(List<ToolCall> calls) {
        execute(calls, null);
    }

    /** Resumes the batch that was interrupted in another process: executes its calls that have no result. */
    void resume(ResumedRun resumed) {
        executed = resumed.row().tools().size();
        execute(run.delivery().openCalls(), resumed);
    }

    /** The answer that a tool has given in place of the model; null if the model is to be asked again. Called after a batch. */
    EarlyEnd.@Nullable Answer earlyAnswer() {
        return end.answer(run.delivery());
    }

    private void execute(List<ToolCall> calls, @Nullable ResumedRun resumed) {
        run.enter(Phase.TOOLS, "calling tools");
        end = new EarlyEnd(tools, run.delivery().latestTools());
        var subtasks = new ArrayList<Subtask<String>>();
        var unemitted = new ArrayList<ToolExecution>();
        var gated = new ArrayList<ToolCall>();
        var open = new ArrayList<>(calls);
        open.removeIf(call -> isUnknown(call, resumed) || isRefusedByGuardrail(call));
        for (var call : open) {
            if (resumed != null && tools.containsKey(call.name()) && resumeCall(call, resumed, subtasks, unemitted)) {
                continue;
            }
            var refusal = refusal(call);
            if (refusal != null) {
                refuse(call, refusal);
            } else if (end.isComing() && settings.sequentialTools()) {
                refuse(call, EarlyEnd.NOT_EXECUTED);
            } else if (tool(call).question() != null) {
                gated.add(call);
            } else {
                start(call, Map.of(), subtasks, unemitted);
            }
        }
        awaitAll(subtasks, unemitted);
        if (end.isComing()) {
            gated.forEach(call -> refuse(call, EarlyEnd.NOT_EXECUTED));
            gated.clear();
        }
        askPeople(gated).forEach((call, decision) -> applyDecision(call, decision, subtasks, unemitted));
        awaitAll(subtasks, unemitted);
        RunCheckpoint.soon(run, Checkpoints.TURN);
        if (skipsCalls) {
            // The calls that had started have ended, and the stop permits no further calls.
            run.enter(Phase.WAITING, "stopping after the running tools");
        }
    }

    /**
     * Fails the run after too many consecutive turns without progress: all calls were refused or failed, or the calls and
     * results are identical to those of the previous turn. Such turns are quick, and a model may repeat them indefinitely.
     * Called after a batch whose results go to the model.
     */
    void checkProgress() {
        var results = completed.stream()
                .map(each -> each.toolName() + "\n" + each.arguments() + "\n" + each.result())
                .toList();
        var failed = completed.stream().allMatch(ToolExecution::error);
        var repeated = !recentTurns.add(new TurnResults(results.hashCode(), length(results)));
        if (recentTurns.size() > MAX_RECENT_TURNS) {
            recentTurns.removeFirst();
        }
        fruitlessTurns = failed || repeated ? fruitlessTurns + 1 : 0;
        var last = completed.isEmpty() ? "" : String.valueOf(completed.getLast().result());
        completed.clear();
        if (fruitlessTurns >= settings.fruitlessTurnLimit()) {
            throw new IllegalStateException(fruitlessTurns + " consecutive turns made no progress, because "
                    + (failed ? "no tool call succeeded" : "the model repeated the same calls")
                    + "; the last result was: "
                    + (last.length() > MAX_QUOTED_RESULT ? last.substring(0, MAX_QUOTED_RESULT) + "..." : last)
                    + " Improve the instructions or the tool, use another model, or raise fruitlessTurnLimit");
        }
    }

    private static long length(List<String> texts) {
        return texts.stream().mapToLong(String::length).sum();
    }

    /**
     * What the calls of a turn and their results are recognized by; they may be too large to be kept.
     *
     * @param hash of all texts
     * @param length of all texts together, in characters
     */
    private record TurnResults(int hash, long length) {}

    /**
     * Resumes a call that people have decided on, or whose child runs are paused.
     *
     * @return false if the call had not started
     */
    private boolean resumeCall(
            ToolCall call, ResumedRun resumed, List<Subtask<String>> subtasks, List<ToolExecution> unemitted) {
        var decision = resumed.toolDecisions().get(call);
        var runId = run.delivery().childRunOf(call);
        var child = runId == null ? null : resumed.child(runId);
        var started = child != null || resumed.hasDelegations(call);
        if (decision != null) {
            applyDecision(call, decision, subtasks, unemitted);
        } else if (started) {
            startSubtask(call, Map.of(), child, subtasks, unemitted);
        }
        return decision != null || started;
    }

    private ToolSpec tool(ToolCall call) {
        return Objects.requireNonNull(tools.get(call.name()));
    }

    /** Asks people about calls and waits for their decisions. Called when all other calls of the batch have ended. */
    private Map<ToolCall, Decision> askPeople(List<ToolCall> calls) {
        var decisionByCall = new LinkedHashMap<ToolCall, Decision>();
        if (calls.isEmpty()) {
            return decisionByCall;
        }
        run.emit(0, RunContentCompleted::new);
        var decisions = run.ask(run.scope(), calls.stream().map(this::question).toList());
        for (var i = 0; i < calls.size(); i++) {
            decisionByCall.put(calls.get(i), decisions.get(i));
        }
        return decisionByCall;
    }

    private Requirement question(ToolCall call) {
        var question = Objects.requireNonNull(tool(call).question());
        return run.context().requirement(question, run.delivery().toolAsked(call, question));
    }

    private void applyDecision(
            ToolCall call, Decision decision, List<Subtask<String>> subtasks, List<ToolExecution> unemitted) {
        var result = decision.result() == null ? null : checkedResult(call, decision.result());
        run.delivery().toolDecided(call, result == null ? decision : Decision.result(decision.requirementId(), result));
        switch (decision.action()) {
            case REJECT ->
                refuse(
                        call,
                        "The user did not allow this call" + (decision.note() == null ? "." : ": " + decision.note()));
            case RESULT -> {
                var started = run.delivery().toolStarted(call);
                run.delivery().toolEntered(call);
                emitStart(started, call.arguments().length());
                emitResult(run.delivery()
                        .toolEnded(call, caller.cut(tool(call), String.valueOf(result)), false, Duration.ZERO));
            }
            default -> start(call, decision.values(), subtasks, unemitted);
        }
    }

    /** The result that people have given for a call, as the guardrails let it pass. */
    private String checkedResult(ToolCall call, String given) {
        try {
            return checks.result(tool(call), given, run.context());
        } catch (WithheldResultException e) {
            return Objects.requireNonNull(e.getMessage());
        }
    }

    /** The reason for not executing a call; null if it is executed. */
    private @Nullable String refusal(ToolCall call) {
        if (!tools.containsKey(call.name())) {
            return unknown(call);
        }
        var limit = settings.toolCallLimit();
        if (limit != null && executed >= limit) {
            return "Tool call limit reached: " + call.name() + " was not executed. Do not call it again.";
        }
        executed++;
        return null;
    }

    /** Ends a call that an earlier execution of the run had begun: it is not repeated. */
    private boolean isUnknown(ToolCall call, @Nullable ResumedRun resumed) {
        var isUnknown = resumed != null && resumed.isUnknown(call);
        if (isUnknown) {
            refuse(call, InterruptionTexts.UNKNOWN_EFFECTS);
        }
        return isUnknown;
    }

    /**
     * Refuses a call if a guardrail does. Before any call of the batch starts: whoever resumes the run later could not tell it from a
     * call that has not started yet, and would execute it.
     */
    private boolean isRefusedByGuardrail(ToolCall call) {
        var reason = tools.containsKey(call.name()) ? checks.refusal(call) : null;
        if (reason != null) {
            refuse(call, reason);
        }
        return reason != null;
    }

    private String unknown(ToolCall call) {
        return "There is no tool \"" + call.name() + "\". The tools are: "
                + (tools.isEmpty() ? "none" : String.join(", ", tools.keySet())) + ".";
    }

    private void refuse(ToolCall call, String reason) {
        var refused = run.delivery().toolRefused(call);
        var ended = run.delivery().toolEnded(call, reason, true, Duration.ZERO);
        emitStart(refused, 0);
        emitResult(ended);
    }

    /** @param overrides values from a decision, which replace arguments of the same name */
    private void start(
            ToolCall call,
            Map<String, Object> overrides,
            List<Subtask<String>> subtasks,
            List<ToolExecution> unemitted) {
        var started = run.<@Nullable ToolExecution>locked(
                () -> isSkipped() ? null : run.delivery().toolStarted(call));
        if (started == null) {
            skipsCalls = true;
            return;
        }
        emitStart(started, call.arguments().length());
        startSubtask(call, overrides, null, subtasks, unemitted);
    }

    /** A graceful stop may skip sequential calls that have not started; concurrent calls start together. */
    private boolean isSkipped() {
        return settings.sequentialTools() && run.scope().leavesOutToolCalls();
    }

    /** @param child the paused run that the call had started in another process; null for none */
    private void startSubtask(
            ToolCall call,
            Map<String, Object> overrides,
            @Nullable ResumedRun child,
            List<Subtask<String>> subtasks,
            List<ToolExecution> unemitted) {
        var tool = tool(call);
        var startedAt = Instant.now();
        var timeout = tool.timeout() != null ? tool.timeout() : run.limits().tool();
        subtasks.add(run.context()
                .resuming(child)
                .fork(
                        SUBTASK_PREFIX + tool.name(),
                        call.id(),
                        timeout,
                        context -> caller.call(tool, call, overrides, context),
                        subtask -> {
                            observe(call, startedAt, subtask);
                            if (!run.scope().isCancelled()) {
                                unemitted.add(ended(call, subtask));
                            }
                        },
                        _ -> run.observers().wake()));
        if (settings.sequentialTools()) {
            awaitAll(subtasks, unemitted);
        }
    }

    private void observe(ToolCall call, Instant startedAt, Subtask<String> subtask) {
        var outcome = switch (subtask.status()) {
            case COMPLETED -> Outcome.COMPLETED;
            case CANCELLED -> Outcome.CANCELLED;
            default -> Outcome.FAILED;
        };
        run.observers()
                .toolCallEnded(new RunListener.ToolCall(
                        call.id(),
                        call.name(),
                        startedAt,
                        subtask.duration(),
                        outcome,
                        outcome == Outcome.FAILED ? subtask.failure() : null));
    }

    /** Records the result of a call. Called under the tree's lock. */
    private ToolExecution ended(ToolCall call, Subtask<String> subtask) {
        if (subtask.status() == RunStatus.ERROR && subtask.error() instanceof StopRunException stop) {
            // As a whole: it is the answer, also in a process that resumes the run.
            return run.delivery().toolStoppedRun(call, String.valueOf(stop.getMessage()), subtask.duration());
        }
        return run.delivery()
                .toolEnded(call, text(call, subtask), subtask.status() != RunStatus.COMPLETED, subtask.duration());
    }

    private String text(ToolCall call, Subtask<String> subtask) {
        return switch (subtask.status()) {
            case COMPLETED -> Objects.requireNonNull(subtask.value());
            case CANCELLED ->
                InterruptionTexts.stopped(
                        Objects.requireNonNull(subtask.cause()).reason());
            default -> caller.cut(tool(call), describe(subtask));
        };
    }

    private static String describe(Subtask<String> subtask) {
        return switch (subtask.error()) {
            case ToolRetryException retry -> String.valueOf(retry.getMessage());
            case null, default ->
                "Error: " + Objects.requireNonNull(subtask.failure()).describe();
        };
    }

    /** Emits results in the order of their completion, until all subtasks have ended. */
    private void awaitAll(List<Subtask<String>> subtasks, List<ToolExecution> unemitted) {
        while (!subtasks.isEmpty()) {
            var over = run.context().awaitOver(subtasks);
            subtasks.removeAll(over);
            drain(unemitted).forEach(this::emitResult);
            for (var subtask : over) {
                if (subtask.error() instanceof GuardrailException refusal) {
                    throw refusal;
                }
            }
        }
    }

    /** Removes and returns the elements of a list that ending subtasks add to. */
    private List<ToolExecution> drain(List<ToolExecution> unemitted) {
        return run.locked(() -> {
            var drained = List.copyOf(unemitted);
            unemitted.clear();
            return drained;
        });
    }

    private void emitResult(ToolExecution execution) {
        completed.add(execution);
        end.completed(execution);
        RunCheckpoint.soon(run, Checkpoints.TOOL);
        var result = Objects.requireNonNull(execution.result());
        var options = options(execution);
        var shown = options.visibility() == ToolVisibility.SHOWN ? execution : execution.withResult(HIDDEN_RESULT);
        if (options.visibility() != ToolVisibility.HIDDEN) {
            run.emit(result.length(), meta -> new ToolCallCompleted(meta, shown));
        }
        if (!execution.error() && options.showResult()) {
            run.delivery().show(result, execution.toolCallId());
        }
        if (execution.error() && options.visibility() != ToolVisibility.HIDDEN) {
            run.emit(result.length(), meta -> new ToolCallError(meta, shown, String.valueOf(shown.result())));
        }
    }

    private void emitStart(ToolExecution started, int characters) {
        if (options(started).visibility() != ToolVisibility.HIDDEN) {
            run.emit(characters, meta -> new ToolCallStarted(meta, started));
        }
    }

    private ToolOptions options(ToolExecution execution) {
        var tool = tools.get(execution.toolName());
        return tool == null ? ToolOptions.DEFAULTS : tool.options();
    }
}
