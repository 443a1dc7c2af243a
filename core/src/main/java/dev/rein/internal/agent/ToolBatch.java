package dev.rein.internal.agent;

import dev.rein.agent.AgentSettings;
import dev.rein.internal.delivery.InterruptionTexts;
import dev.rein.internal.pause.ResumedRun;
import dev.rein.internal.run.Context;
import dev.rein.internal.run.Run;
import dev.rein.internal.run.Subtask;
import dev.rein.internal.run.UserCode;
import dev.rein.internal.stop.Phase;
import dev.rein.internal.tool.Arguments;
import dev.rein.internal.tool.Results;
import dev.rein.model.ToolCall;
import dev.rein.run.CallInterceptor;
import dev.rein.run.Decision;
import dev.rein.run.Requirement;
import dev.rein.run.RunFailure;
import dev.rein.run.RunListener;
import dev.rein.run.RunListener.Outcome;
import dev.rein.run.RunStatus;
import dev.rein.run.ToolExecution;
import dev.rein.run.event.RunContentCompleted;
import dev.rein.run.event.ToolCallCompleted;
import dev.rein.run.event.ToolCallError;
import dev.rein.run.event.ToolCallStarted;
import dev.rein.tool.ToolSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Calls the tools that one response asks for, concurrently unless told otherwise, each on a thread and in a scope of its own. */
final class ToolBatch {
    static final String WHAT = "tool ";

    /** How much of a result a failure shows. */
    private static final int MOST_SHOWN = 200;

    private final AgentSettings settings;
    private final Run run;
    private final Map<String, ToolSpec> tools = new HashMap<>();
    private int executed;

    /** Whether a graceful stop has left out calls of the current batch. */
    private boolean leavesOut;

    /** What the calls of this turn have come to, and those of the turn before. */
    private final List<ToolExecution> ended = new ArrayList<>();

    private List<String> endedBefore = List.of();

    /** How many turns in a row have brought nothing. */
    private int fruitless;

    ToolBatch(AgentSettings settings, Run run) {
        this.settings = settings;
        this.run = run;
        settings.tools().forEach(tool -> tools.put(tool.name(), tool));
    }

    void execute(List<ToolCall> calls) {
        execute(calls, null);
    }

    /** Goes on where another process has left off: with the calls of its last batch that have no result. */
    void resume(ResumedRun resumed) {
        executed = resumed.row().tools().size();
        execute(run.delivery().openCalls(), resumed);
    }

    private void execute(List<ToolCall> calls, @Nullable ResumedRun resumed) {
        run.enter(Phase.TOOLS, "calling tools");
        var pieces = new ArrayList<Subtask<String>>();
        var ends = new ArrayList<ToolExecution>();
        var gated = new ArrayList<ToolCall>();
        for (var call : calls) {
            if (resumed != null && tools.containsKey(call.name()) && goesOn(call, resumed, pieces, ends)) {
                continue;
            }
            var refusal = refusal(call);
            if (refusal != null) {
                refuse(call, refusal);
            } else if (tool(call).question() != null) {
                gated.add(call);
            } else {
                start(call, Map.of(), pieces, ends);
            }
        }
        showEnds(pieces, ends);
        askFor(gated).forEach((call, decision) -> decided(call, decision, pieces, ends));
        showEnds(pieces, ends);
        if (leavesOut) {
            // The calls that had begun are over, and the stop lets nothing else begin.
            run.enter(Phase.WAITING, "stopping after the running tools");
        }
        checkProgress();
    }

    /**
     * Fails the run after too many turns that have brought nothing: every call was refused or failed, or the calls and their
     * results are those of the turn before. They are quick, and a model that does not listen would ask for ever.
     */
    private void checkProgress() {
        var results = ended.stream()
                .map(each -> each.toolName() + "\n" + each.arguments() + "\n" + each.result())
                .toList();
        var failed = ended.stream().allMatch(ToolExecution::error);
        var repeated = results.equals(endedBefore);
        fruitless = failed || repeated ? fruitless + 1 : 0;
        endedBefore = results;
        var last = ended.isEmpty() ? "" : String.valueOf(ended.getLast().result());
        ended.clear();
        if (fruitless >= settings.fruitlessTurnLimit()) {
            throw new IllegalStateException(fruitless + " turns in a row brought nothing, because "
                    + (failed ? "no tool call succeeded" : "the model repeated the same calls")
                    + "; the last result was: "
                    + (last.length() > MOST_SHOWN ? last.substring(0, MOST_SHOWN) + "..." : last)
                    + " Improve the instructions or the tool, use another model, or raise fruitlessTurnLimit");
        }
    }

    /**
     * Goes on with a call that people have decided about meanwhile, or whose run waits.
     *
     * @return false if it had not begun
     */
    private boolean goesOn(ToolCall call, ResumedRun resumed, List<Subtask<String>> pieces, List<ToolExecution> ends) {
        var decision = resumed.calls().get(call);
        var runId = run.delivery().runOf(call);
        var left = runId == null ? null : resumed.below(runId);
        var begun = left != null || resumed.hasGivenWork(call);
        if (decision != null) {
            decided(call, decision, pieces, ends);
        } else if (begun) {
            fork(call, Map.of(), left, pieces, ends);
        }
        return decision != null || begun;
    }

    private ToolSpec tool(ToolCall call) {
        return Objects.requireNonNull(tools.get(call.name()));
    }

    /** Asks people about calls, and waits for their answers: nothing else of the batch goes on by then. */
    private Map<ToolCall, Decision> askFor(List<ToolCall> calls) {
        var decided = new LinkedHashMap<ToolCall, Decision>();
        if (calls.isEmpty()) {
            return decided;
        }
        run.emit(0, RunContentCompleted::new);
        var decisions = run.ask(run.scope(), calls.stream().map(this::question).toList());
        for (var i = 0; i < calls.size(); i++) {
            decided.put(calls.get(i), decisions.get(i));
        }
        return decided;
    }

    private Requirement question(ToolCall call) {
        var question = Objects.requireNonNull(tool(call).question());
        return run.context().requirement(question, run.delivery().toolAsked(call, question));
    }

    private void decided(ToolCall call, Decision decision, List<Subtask<String>> pieces, List<ToolExecution> ends) {
        run.delivery().toolDecided(call, decision);
        switch (decision.action()) {
            case REJECT ->
                refuse(
                        call,
                        "The user did not allow this call" + (decision.note() == null ? "." : ": " + decision.note()));
            case RESULT -> {
                var begun = run.delivery().toolStarts(call);
                run.delivery().toolBegins(call);
                run.emit(call.arguments().length(), meta -> new ToolCallStarted(meta, begun));
                show(run.delivery().toolEnded(call, String.valueOf(decision.result()), false, Duration.ZERO));
            }
            default -> start(call, decision.values(), pieces, ends);
        }
    }

    /** Why a call is not even tried; null when it is. */
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

    private String unknown(ToolCall call) {
        return "There is no tool \"" + call.name() + "\". The tools are: "
                + (tools.isEmpty() ? "none" : String.join(", ", tools.keySet())) + ".";
    }

    private void refuse(ToolCall call, String why) {
        var begun = run.delivery().toolRefused(call);
        var ended = run.delivery().toolEnded(call, why, true, Duration.ZERO);
        run.emit(0, meta -> new ToolCallStarted(meta, begun));
        show(ended);
    }

    /** @param given values of people's, put over the arguments */
    private void start(
            ToolCall call, Map<String, Object> given, List<Subtask<String>> pieces, List<ToolExecution> ends) {
        var begun = run.<@Nullable ToolExecution>locked(
                () -> isLeftOut() ? null : run.delivery().toolStarts(call));
        if (begun == null) {
            leavesOut = true;
            return;
        }
        run.emit(call.arguments().length(), meta -> new ToolCallStarted(meta, begun));
        fork(call, given, null, pieces, ends);
    }

    /** Calls that run concurrently begin together; of others a graceful stop may leave out those that have not begun. */
    private boolean isLeftOut() {
        return settings.sequentialTools() && run.scope().leavesOutToolCalls();
    }

    /** @param left the run that the call has started in another process; null for none */
    private void fork(
            ToolCall call,
            Map<String, Object> given,
            @Nullable ResumedRun left,
            List<Subtask<String>> pieces,
            List<ToolExecution> ends) {
        var tool = tool(call);
        var startedAt = Instant.now();
        var timeout = tool.timeout() != null ? tool.timeout() : run.limits().tool();
        pieces.add(run.context()
                .resuming(left)
                .fork(
                        WHAT + tool.name(),
                        call.id(),
                        timeout,
                        context -> invoke(tool, call, given, context),
                        piece -> {
                            observe(call, startedAt, piece);
                            if (!run.scope().isCancelled()) {
                                ends.add(run.delivery()
                                        .toolEnded(
                                                call,
                                                text(piece),
                                                piece.status() != RunStatus.COMPLETED,
                                                piece.duration()));
                            }
                        },
                        _ -> run.observers().wake()));
        if (settings.sequentialTools()) {
            showEnds(pieces, ends);
        }
    }

    private void observe(ToolCall call, Instant startedAt, Subtask<String> piece) {
        var outcome = switch (piece.status()) {
            case COMPLETED -> Outcome.COMPLETED;
            case CANCELLED -> Outcome.CANCELLED;
            default -> Outcome.FAILED;
        };
        run.observers()
                .toolCallEnded(new RunListener.ToolCall(
                        call.id(),
                        call.name(),
                        startedAt,
                        piece.duration(),
                        outcome,
                        outcome == Outcome.FAILED ? piece.failure() : null));
    }

    private String invoke(ToolSpec tool, ToolCall call, Map<String, Object> given, Context context) throws Exception {
        var arguments = Arguments.parse(call.arguments());
        Arguments.put(arguments, given);
        return UserCode.call(
                context,
                CallInterceptor.Kind.TOOL_CALL,
                tool.name(),
                () -> run.delivery().toolBegins(call),
                () -> Results.text(tool.function().call(arguments, context)));
    }

    private static String text(Subtask<String> piece) {
        return switch (piece.status()) {
            case COMPLETED -> Objects.requireNonNull(piece.value());
            case CANCELLED ->
                InterruptionTexts.stopped(Objects.requireNonNull(piece.cause()).reason());
            default -> describe(Objects.requireNonNull(piece.failure()));
        };
    }

    private static String describe(RunFailure failure) {
        return "Error: " + failure.describe();
    }

    /** Shows results in the order in which they come, until all are there. */
    private void showEnds(List<Subtask<String>> pieces, List<ToolExecution> ends) {
        while (!pieces.isEmpty()) {
            var over = run.context().awaitOver(pieces);
            pieces.removeAll(over);
            for (var ended : taken(ends)) {
                show(ended);
            }
        }
    }

    /** Takes everything out of the list that the ends of pieces fill. */
    private List<ToolExecution> taken(List<ToolExecution> ends) {
        return run.locked(() -> {
            var taken = List.copyOf(ends);
            ends.clear();
            return taken;
        });
    }

    private void show(ToolExecution execution) {
        ended.add(execution);
        var result = Objects.requireNonNull(execution.result());
        run.emit(result.length(), meta -> new ToolCallCompleted(meta, execution));
        if (execution.error()) {
            run.emit(result.length(), meta -> new ToolCallError(meta, execution, result));
        }
    }
}
