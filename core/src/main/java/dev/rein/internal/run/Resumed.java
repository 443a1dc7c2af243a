package dev.rein.internal.run;

import dev.rein.model.ToolCall;
import dev.rein.run.Decision;
import dev.rein.run.Requirement;
import dev.rein.run.RunRejectedException;
import dev.rein.run.RunRejectedException.Reason;
import dev.rein.session.StoredPause;
import dev.rein.session.StoredRun;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A paused run that another process has left, and what people have decided about it. Thread-safe. */
public final class Resumed {
    private final StoredRun row;
    private final StoredPause pause;

    /** By the ids of what was asked. */
    private final Map<String, Decision> decisions = new LinkedHashMap<>();

    /**
     * @param given what it waits for
     * @throws RunRejectedException if it does not wait for one of these
     * @throws IllegalArgumentException if one does not fit, or is missing
     */
    static Resumed of(StoredRun row, List<Decision> given) {
        var resumed = new Resumed(row);
        var pause = resumed.pause;
        for (var decision : given) {
            Pauses.checkFits(asked(row, pause.requirements(), decision), decision);
            resumed.decisions.put(decision.requirementId(), decision);
        }
        for (var requirement : pause.requirements()) {
            if (!resumed.decisions.containsKey(requirement.id())) {
                throw new IllegalArgumentException("the decision for requirement " + requirement.id()
                        + " is missing: a run that another process has left goes on with all of them, or not at all");
            }
        }
        pause.answered().forEach(each -> resumed.decisions.put(each.requirement().id(), each.decision()));
        return resumed;
    }

    private Resumed(StoredRun row) {
        this.row = row;
        this.pause = Objects.requireNonNull(row.pause());
    }

    private static Requirement asked(StoredRun row, List<Requirement> requirements, Decision decision) {
        return requirements.stream()
                .filter(each -> each.id().equals(decision.requirementId()))
                .findFirst()
                .orElseThrow(() -> new RunRejectedException(
                        Reason.NOT_ASKED,
                        "run " + row.runId() + " does not wait for requirement " + decision.requirementId()
                                + "; it waits for " + Pauses.named(requirements)));
    }

    public StoredRun row() {
        return row;
    }

    public StoredPause pause() {
        return pause;
    }

    /** What was decided about a question; null if it was not asked by the run, or one below it. */
    public @Nullable Decision decision(String requirementId) {
        return decisions.get(requirementId);
    }

    /** What was asked, by the run and those below it: first what was answered there. */
    public List<Requirement> asked() {
        var all = new ArrayList<Requirement>();
        pause.answered().forEach(each -> all.add(each.requirement()));
        all.addAll(pause.requirements());
        return all;
    }

    /** The run's own tool calls that were decided about, in the order of their requirements. */
    public Map<ToolCall, Decision> calls() {
        var calls = new LinkedHashMap<ToolCall, Decision>();
        for (var requirement : asked()) {
            var tool = requirement.tool();
            var decision = decision(requirement.id());
            if (tool != null && decision != null && requirement.runId().equals(row.runId())) {
                calls.put(new ToolCall(tool.toolCallId(), tool.toolName(), tool.arguments()), decision);
            }
        }
        return calls;
    }
}
