package dev.rein.internal.pause;

import dev.rein.internal.InterruptionTexts;
import dev.rein.internal.delivery.Progress;
import dev.rein.model.Role;
import dev.rein.model.ToolCall;
import dev.rein.queue.Checkpoints;
import dev.rein.run.Decision;
import dev.rein.run.Requirement;
import dev.rein.run.RunRejectedException;
import dev.rein.run.RunRejectedException.Reason;
import dev.rein.run.RunStatus;
import dev.rein.run.StepOutput;
import dev.rein.run.TypeRef;
import dev.rein.session.StoredPause;
import dev.rein.session.StoredRun;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A stored paused run that is resumed in this process, with the decisions on its requirements. Thread-safe. */
public final class ResumedRun {
    private final StoredRun row;
    private final StoredPause pause;

    /** By the ids of their requirements. */
    private final Map<String, Decision> decisions = new LinkedHashMap<>();

    /** The paused child runs, by id. */
    private final Map<String, ResumedRun> children = new LinkedHashMap<>();

    private volatile boolean started;

    /** Whether it is what is stored of an earlier execution, and not a paused run. */
    private boolean isCheckpoint;

    /**
     * Creates the resumed run and its paused children. Of a requirement that has expired, the outcome takes effect that its step has
     * set, whatever was decided.
     *
     * @param given the decisions on the run's pending requirements
     * @param rows finds a stored run by id
     * @throws RunRejectedException if a decision is for none of the requirements, or a child run is no longer paused
     * @throws IllegalArgumentException if a decision does not answer its requirement, or is missing
     */
    public static ResumedRun of(StoredRun row, List<Decision> given, Function<String, @Nullable StoredRun> rows) {
        var resumed = new ResumedRun(row);
        var pause = resumed.pause;
        for (var decision : given) {
            DecisionCheck.requireAnswers(requirement(row, pause.requirements(), decision), decision);
            resumed.decisions.put(decision.requirementId(), decision);
        }
        var now = Instant.now();
        for (var requirement : pause.requirements()) {
            if (requirement.hasExpired(now)) {
                resumed.decisions.put(requirement.id(), PendingRequirements.timedOut(requirement));
            } else if (!resumed.decisions.containsKey(requirement.id())) {
                throw new IllegalArgumentException("the decision for requirement " + requirement.id()
                        + " is missing: a run resumed from its store needs the decisions for all its requirements");
            }
        }
        pause.answered()
                .forEach(each -> resumed.decisions.put(each.requirement().id(), each.decision()));
        resumed.findChildren(rows);
        return resumed;
    }

    /**
     * Creates the run from what is stored of an earlier execution.
     *
     * @return null if that had come to nothing that is kept: then the run begins anew
     */
    public static @Nullable ResumedRun ofCheckpoint(StoredRun row, Checkpoints checkpoints) {
        var pause = row.pause();
        var hasSteps = pause != null && !pause.steps().isEmpty();
        var hasCalls = checkpoints.compareTo(Checkpoints.TURN) >= 0 && lastCalls(row) >= 0;
        if (pause == null || checkpoints == Checkpoints.NONE || !(hasSteps || hasCalls)) {
            return null;
        }
        var resumed = new ResumedRun(withoutUnfinished(row));
        resumed.isCheckpoint = true;
        pause.answered()
                .forEach(each -> resumed.decisions.put(each.requirement().id(), each.decision()));
        return resumed;
    }

    /** The place of the last message that has tool calls; -1 if there is none. */
    private static int lastCalls(StoredRun row) {
        for (var i = row.messages().size() - 1; i >= 0; i--) {
            if (!row.messages().get(i).toolCalls().isEmpty()) {
                return i;
            }
        }
        return -1;
    }

    /** Without the text of a response that came after the last tool calls: it is asked for again. */
    private static StoredRun withoutUnfinished(StoredRun row) {
        var text = row.text();
        for (var message : row.messages()
                .subList(lastCalls(row) + 1, row.messages().size())
                .reversed()) {
            if (message.role() == Role.ASSISTANT && text.endsWith(message.content())) {
                text = text.substring(0, text.length() - message.content().length());
            }
        }
        return row.toBuilder().text(text).build();
    }

    /** Whether a tool call had begun when the process of an earlier execution died, so that its effects are unknown. */
    public boolean isUnknown(ToolCall call) {
        return isCheckpoint
                && row.messages().stream()
                        .anyMatch(message -> call.id().equals(message.toolCallId())
                                && message.interrupted()
                                && message.content().equals(InterruptionTexts.UNKNOWN_EFFECTS));
    }

    private void findChildren(Function<String, @Nullable StoredRun> rows) {
        for (var runId : pause.childRunIds()) {
            children.put(runId, child(runId, rows.apply(runId), rows));
        }
    }

    private ResumedRun child(String runId, @Nullable StoredRun found, Function<String, @Nullable StoredRun> rows) {
        if (found == null || found.status() != RunStatus.PAUSED || found.pause() == null) {
            throw new RunRejectedException(
                    Reason.NOT_ASKED,
                    "run " + row.runId() + " can't be resumed, because its child run " + runId + " "
                            + (found == null ? "was not stored" : "is " + found.status()) + ": cancel it");
        }
        var child = new ResumedRun(found);
        for (var requirement : child.requirements()) {
            var decision = decisions.get(requirement.id());
            if (decision == null) {
                throw new RunRejectedException(
                        Reason.NOT_ASKED,
                        "run " + row.runId() + " can't be resumed, because its child run " + runId
                                + " waits for requirement " + requirement.id()
                                + ", which is not among its own: cancel it");
            }
            child.decisions.put(requirement.id(), decision);
        }
        child.findChildren(rows);
        return child;
    }

    private ResumedRun(StoredRun row) {
        this.row = row;
        this.pause = Objects.requireNonNull(row.pause());
    }

    private static Requirement requirement(StoredRun row, List<Requirement> requirements, Decision decision) {
        return requirements.stream()
                .filter(each -> each.id().equals(decision.requirementId()))
                .findFirst()
                .orElseThrow(() -> new RunRejectedException(
                        Reason.NOT_ASKED,
                        "run " + row.runId() + " does not wait for requirement " + decision.requirementId()
                                + "; it waits for " + PendingRequirements.describe(requirements)));
    }

    /**
     * The type to resume this run with, as a child: whether its parent asks for it now or not, it goes on as it was started.
     *
     * @param ofParent the type of its parent's answer
     * @return null if it was started without one, or with its own
     */
    public @Nullable TypeRef<?> typeOf(@Nullable TypeRef<?> ofParent) {
        return ofParent != null && ofParent.toString().equals(pause.answerType()) ? ofParent : null;
    }

    public StoredRun row() {
        return row;
    }

    public StoredPause pause() {
        return pause;
    }

    /** The paused child runs. */
    public List<StoredRun> children() {
        return children.values().stream().map(ResumedRun::row).toList();
    }

    /** A paused child run by id; null if there is none. */
    public @Nullable ResumedRun child(String runId) {
        return children.get(runId);
    }

    /** Whether a tool call of a team's leader has unfinished delegations to several members. */
    public boolean hasDelegations(ToolCall call) {
        var team = pause.team();
        return team != null
                && team.parts().stream().anyMatch(part -> part.toolCallId().equals(call.id()));
    }

    /** The run's progress at the time of its pause. */
    public Progress progress() {
        return new Progress() {
            @Override
            public List<StepOutput> results() {
                return row.steps();
            }
        };
    }

    /** Records that the run continues in this process. */
    public void markStarted() {
        started = true;
    }

    /** The paused descendants that have not been resumed. */
    public List<StoredRun> unresumed() {
        var rows = new ArrayList<StoredRun>();
        for (var child : children.values()) {
            if (!child.started) {
                rows.addAll(child.unresumed());
                rows.add(child.row);
            }
        }
        return rows;
    }

    /** The decision on a requirement of this run or a descendant; null if there is none. */
    public @Nullable Decision decision(String requirementId) {
        return decisions.get(requirementId);
    }

    /** The requirements of the run and its descendants, those decided before the resume first. */
    public List<Requirement> requirements() {
        var all = new ArrayList<Requirement>();
        pause.answered().forEach(each -> all.add(each.requirement()));
        all.addAll(pause.requirements());
        return all;
    }

    /** The decisions on the run's own tool calls, in the order of their requirements. */
    public Map<ToolCall, Decision> toolDecisions() {
        var decided = new LinkedHashMap<ToolCall, Decision>();
        for (var requirement : requirements()) {
            var tool = requirement.tool();
            var decision = decision(requirement.id());
            if (tool != null && decision != null && requirement.runId().equals(row.runId())) {
                decided.put(new ToolCall(tool.toolCallId(), tool.toolName(), tool.arguments()), decision);
            }
        }
        return decided;
    }
}
