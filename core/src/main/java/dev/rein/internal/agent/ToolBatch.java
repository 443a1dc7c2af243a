package dev.rein.internal.agent;

import dev.rein.agent.AgentSettings;
import dev.rein.internal.run.Phase;
import dev.rein.internal.run.Piece;
import dev.rein.internal.run.Run;
import dev.rein.internal.tool.Arguments;
import dev.rein.internal.tool.Results;
import dev.rein.model.ToolCall;
import dev.rein.run.RunContext;
import dev.rein.run.RunStatus;
import dev.rein.run.ToolExecution;
import dev.rein.run.event.ToolCallCompleted;
import dev.rein.run.event.ToolCallError;
import dev.rein.run.event.ToolCallStarted;
import dev.rein.tool.ToolSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Calls the tools that one response asks for, concurrently unless told otherwise, each on a thread and in a scope of its own. */
final class ToolBatch {
    static final String WHAT = "tool ";

    private final AgentSettings settings;
    private final Run run;
    private final Map<String, ToolSpec> tools = new HashMap<>();
    private int executed;

    ToolBatch(AgentSettings settings, Run run) {
        this.settings = settings;
        this.run = run;
        settings.tools().forEach(tool -> tools.put(tool.name(), tool));
    }

    void execute(List<ToolCall> calls) {
        run.enter(Phase.TOOLS, "calling tools");
        var pieces = new ArrayList<Piece<String>>();
        var ends = new ArrayList<ToolExecution>();
        for (var call : calls) {
            var refusal = refusal(call);
            if (refusal != null) {
                refuse(call, refusal);
                continue;
            }
            pieces.add(start(call, Objects.requireNonNull(tools.get(call.name())), ends));
            if (settings.sequentialTools()) {
                showEnds(pieces, ends);
            }
        }
        showEnds(pieces, ends);
    }

    /** Why a call is not even tried; null when it is. */
    private @Nullable String refusal(ToolCall call) {
        if (!tools.containsKey(call.name())) {
            return "There is no tool \"" + call.name() + "\". The tools are: "
                    + (tools.isEmpty() ? "none" : String.join(", ", tools.keySet())) + ".";
        }
        var limit = settings.toolCallLimit();
        if (limit != null && executed >= limit) {
            return "Tool call limit reached: " + call.name() + " was not executed. Do not call it again.";
        }
        executed++;
        return null;
    }

    private void refuse(ToolCall call, String why) {
        var begun = run.delivery().toolRefused(call);
        var ended = ended(begun, why, true, Duration.ZERO);
        run.delivery().toolEnded(call, ended);
        run.emit(0, meta -> new ToolCallStarted(meta, begun));
        show(ended);
    }

    private Piece<String> start(ToolCall call, ToolSpec tool, List<ToolExecution> ends) {
        var begun = run.delivery().toolStarts(call);
        run.emit(call.arguments().length(), meta -> new ToolCallStarted(meta, begun));
        var timeout = tool.timeout() != null ? tool.timeout() : run.limits().tool();
        return run.fork(WHAT + tool.name(), call.id(), timeout, context -> invoke(tool, call, context), piece -> {
            if (!run.scope().isCancelled()) {
                var ended = ended(begun, text(piece), piece.status() != RunStatus.COMPLETED, piece.duration());
                run.delivery().toolEnded(call, ended);
                ends.add(ended);
            }
        });
    }

    private String invoke(ToolSpec tool, ToolCall call, RunContext context) throws Exception {
        var arguments = Arguments.parse(call.arguments());
        run.delivery().toolBegins(call);
        return Results.text(tool.function().call(arguments, context));
    }

    private static String text(Piece<String> piece) {
        return switch (piece.status()) {
            case COMPLETED -> Objects.requireNonNull(piece.value());
            case CANCELLED ->
                "Stopped: " + Objects.requireNonNull(piece.cause()).reason() + ".";
            default -> describe(Objects.requireNonNull(piece.error()));
        };
    }

    private static String describe(Throwable error) {
        var message = error.getMessage();
        var type = error.getClass().getSimpleName();
        return message == null || message.isBlank() ? "Error: " + type : "Error: " + type + ": " + message;
    }

    /** Shows results in the order in which they come, until all are there. */
    private void showEnds(List<Piece<String>> pieces, List<ToolExecution> ends) {
        while (!pieces.isEmpty()) {
            var over = run.awaitOver(pieces);
            pieces.removeAll(over);
            for (var ended : run.take(ends)) {
                show(ended);
            }
        }
    }

    private void show(ToolExecution ended) {
        var result = Objects.requireNonNull(ended.result());
        run.emit(result.length(), meta -> new ToolCallCompleted(meta, ended));
        if (ended.error()) {
            run.emit(result.length(), meta -> new ToolCallError(meta, ended, result));
        }
    }

    private static ToolExecution ended(ToolExecution begun, String result, boolean error, Duration took) {
        return new ToolExecution(
                begun.toolCallId(), begun.toolName(), begun.arguments(), result, error, begun.startedAt(), took);
    }
}
