package dev.rein.internal.pause;

import dev.rein.internal.delivery.Progress;
import dev.rein.model.ToolCall;
import dev.rein.run.Decision;
import dev.rein.run.Requirement;
import dev.rein.run.RunRejectedException;
import dev.rein.run.RunRejectedException.Reason;
import dev.rein.run.RunStatus;
import dev.rein.run.StepOutput;
import dev.rein.session.StoredPause;
import dev.rein.session.StoredRun;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A paused run that another process has left, and what people have decided about it. Thread-safe. */
public final class ResumedRun {
    private final StoredRun row;
    private final StoredPause pause;

    /** By the ids of what was asked. */
    private final Map<String, Decision> decisions = new LinkedHashMap<>();

    /** The runs right below it that wait, by their ids. */
    private final Map<String, ResumedRun> below = new LinkedHashMap<>();

    private volatile boolean taken;

    /**
     * @param given what it waits for
     * @param rows finds the runs below it
     * @throws RunRejectedException if it does not wait for one of these, or a run below it does not wait any more
     * @throws IllegalArgumentException if one does not fit, or is missing
     */
    public static ResumedRun of(StoredRun row, List<Decision> given, Function<String, @Nullable StoredRun> rows) {
        var resumed = new ResumedRun(row);
        var pause = resumed.pause;
        for (var decision : given) {
            PendingRequirements.checkFits(asked(row, pause.requirements(), decision), decision);
            resumed.decisions.put(decision.requirementId(), decision);
        }
        for (var requirement : pause.requirements()) {
            if (!resumed.decisions.containsKey(requirement.id())) {
                throw new IllegalArgumentException("the decision for requirement " + requirement.id()
                        + " is missing: a run that another process has left goes on with all of them, or not at all");
            }
        }
        pause.answered()
                .forEach(each -> resumed.decisions.put(each.requirement().id(), each.decision()));
        resumed.find(rows);
        return resumed;
    }

    private void find(Function<String, @Nullable StoredRun> rows) {
        for (var runId : pause.below()) {
            below.put(runId, below(runId, rows.apply(runId), rows));
        }
    }

    private ResumedRun below(String runId, @Nullable StoredRun found, Function<String, @Nullable StoredRun> rows) {
        if (found == null || found.status() != RunStatus.PAUSED || found.pause() == null) {
            throw new RunRejectedException(
                    Reason.NOT_ASKED,
                    "run " + row.runId() + " can't go on, because run " + runId + " below it "
                            + (found == null ? "was not stored" : "is " + found.status()) + ": cancel it");
        }
        var child = new ResumedRun(found);
        for (var requirement : child.asked()) {
            var decision = decisions.get(requirement.id());
            if (decision == null) {
                throw new RunRejectedException(
                        Reason.NOT_ASKED,
                        "run " + row.runId() + " can't go on, because run " + runId + " below it waits for requirement "
                                + requirement.id() + ", of which it does not know: cancel it");
            }
            child.decisions.put(requirement.id(), decision);
        }
        child.find(rows);
        return child;
    }

    private ResumedRun(StoredRun row) {
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
                                + "; it waits for " + PendingRequirements.named(requirements)));
    }

    public StoredRun row() {
        return row;
    }

    public StoredPause pause() {
        return pause;
    }

    /** The runs right below it that wait. */
    public List<StoredRun> below() {
        return below.values().stream().map(ResumedRun::row).toList();
    }

    /** A run right below it that waits; null if there is none of this id. */
    public @Nullable ResumedRun below(String runId) {
        return below.get(runId);
    }

    /** Whether a call of a team's leader has given work to several members, of which some waits. */
    public boolean hasGivenWork(ToolCall call) {
        var team = pause.team();
        return team != null
                && team.parts().stream().anyMatch(part -> part.toolCallId().equals(call.id()));
    }

    /** How far the run had come. */
    public Progress progress() {
        return new Progress() {
            @Override
            public List<StepOutput> results() {
                return row.steps();
            }
        };
    }

    /** It goes on in this process. */
    public void taken() {
        taken = true;
    }

    /** The runs below it that have not gone on. */
    public List<StoredRun> notTaken() {
        var rows = new ArrayList<StoredRun>();
        for (var each : below.values()) {
            if (!each.taken) {
                rows.addAll(each.notTaken());
                rows.add(each.row);
            }
        }
        return rows;
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
