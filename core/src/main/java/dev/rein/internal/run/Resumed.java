package dev.rein.internal.run;

import dev.rein.model.ToolCall;
import dev.rein.run.Decision;
import dev.rein.run.Requirement;
import dev.rein.run.RunRejectedException;
import dev.rein.run.RunRejectedException.Reason;
import dev.rein.session.StoredPause;
import dev.rein.session.StoredRun;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A paused run that another process has left, and what people have decided about it.
 *
 * @param row the run
 * @param decisions one for each of its requirements
 */
public record Resumed(StoredRun row, List<Decision> decisions) {
    public Resumed {
        decisions = List.copyOf(decisions);
        if (row.pause() == null) {
            throw new IllegalArgumentException("run " + row.runId() + " does not wait for anybody");
        }
        for (var decision : decisions) {
            Pauses.checkFits(asked(row, decision), decision);
        }
        for (var requirement : Objects.requireNonNull(row.pause()).requirements()) {
            if (decisions.stream().noneMatch(each -> each.requirementId().equals(requirement.id()))) {
                throw new IllegalArgumentException("the decision for requirement " + requirement.id()
                        + " is missing: a run that another process has left goes on with all of them, or not at all");
            }
        }
    }

    private static Requirement asked(StoredRun row, Decision decision) {
        var requirements = Objects.requireNonNull(row.pause()).requirements();
        return requirements.stream()
                .filter(each -> each.id().equals(decision.requirementId()))
                .findFirst()
                .orElseThrow(() -> new RunRejectedException(
                        Reason.NOT_ASKED,
                        "run " + row.runId() + " does not wait for requirement " + decision.requirementId()
                                + "; it waits for " + Pauses.named(requirements)));
    }

    public StoredPause pause() {
        return Objects.requireNonNull(row.pause());
    }

    /** The tool calls that were decided about, in the order of their requirements. */
    public Map<ToolCall, Decision> calls() {
        var calls = new LinkedHashMap<ToolCall, Decision>();
        for (var requirement : pause().requirements()) {
            var tool = Objects.requireNonNull(requirement.tool());
            for (var decision : decisions) {
                if (decision.requirementId().equals(requirement.id())) {
                    calls.put(new ToolCall(tool.toolCallId(), tool.toolName(), tool.arguments()), decision);
                }
            }
        }
        return calls;
    }
}
