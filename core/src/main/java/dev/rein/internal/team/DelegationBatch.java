package dev.rein.internal.team;

import dev.rein.internal.Ids;
import dev.rein.internal.InterruptionTexts;
import dev.rein.internal.pause.ResumedRun;
import dev.rein.internal.run.Context;
import dev.rein.internal.run.Run;
import dev.rein.internal.run.Subtask;
import dev.rein.run.RunFailure;
import dev.rein.run.RunOutput;
import dev.rein.runtime.Component;
import dev.rein.session.StoredTeam;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The delegations of one tool call of a leader to several members, each in its own subtask. Guarded by the tree's lock. */
final class DelegationBatch {
    private final Members members;
    private final Run run;
    private final Context call;
    private final String callId;

    /** By key: the id of the task or of the member. */
    private final Map<String, StoredTeam.Delegation> delegations = new LinkedHashMap<>();

    private final List<Subtask<RunOutput>> subtasks = new ArrayList<>();

    /** @param call the context of the leader's tool call */
    DelegationBatch(Members members, Run run, Context call) {
        this.members = members;
        this.run = run;
        this.call = call;
        this.callId = Objects.requireNonNull(call.toolCallId());
    }

    String callId() {
        return callId;
    }

    /** Resumes the delegations that the call had started in another process. */
    void resume(List<StoredTeam.Delegation> stored) {
        for (var delegation : stored) {
            if (delegation.answer() != null) {
                put(delegation);
            } else {
                var paused = Objects.requireNonNull(
                        Objects.requireNonNull(run.plan().resumed()).child(Objects.requireNonNull(delegation.runId())));
                var member = Objects.requireNonNull(members.find(paused.row().componentId()));
                start(delegation, member, paused.row().input().text(), paused);
            }
        }
    }

    /** Starts a member on a task. */
    void delegate(String key, Component member, String task) {
        start(new StoredTeam.Delegation(callId, key, member.id(), Ids.ofRun(), null, false), member, task, null);
    }

    /** Records a task that was not delegated. */
    void refuse(String key, String reason) {
        put(new StoredTeam.Delegation(callId, key, null, null, reason, false));
    }

    /** @param resumed the member's paused run; null for a new run */
    private void start(StoredTeam.Delegation delegation, Component member, String task, @Nullable ResumedRun resumed) {
        put(delegation);
        var runId = Objects.requireNonNull(delegation.runId());
        subtasks.add(call.resuming(resumed)
                .fork(
                        "member " + member.id(),
                        null,
                        null,
                        context -> members.work(member, task, context, runId),
                        subtask -> delegations.put(delegation.key(), withAnswer(delegation, subtask)),
                        _ -> {}));
    }

    private void put(StoredTeam.Delegation delegation) {
        run.guarded(() -> delegations.put(delegation.key(), delegation));
    }

    /** Waits until all subtasks have ended. */
    void await() {
        var remaining = new ArrayList<>(subtasks);
        while (!remaining.isEmpty()) {
            remaining.removeAll(call.awaitOver(remaining));
        }
    }

    List<StoredTeam.Delegation> delegations() {
        return List.copyOf(delegations.values());
    }

    /** The delegations that members worked on, in the order of their start. Called after {@link #await}. */
    List<StoredTeam.Delegation> executed() {
        return delegations.values().stream()
                .filter(each -> each.memberId() != null)
                .toList();
    }

    /** All answers as one text, refusals first. Called after {@link #await}. */
    String answers() {
        var text = new StringBuilder();
        for (var delegation : delegations.values()) {
            if (delegation.memberId() == null) {
                text.append(delegation.key())
                        .append(" was not executed: ")
                        .append(delegation.answer())
                        .append('\n');
            }
        }
        return text
                + executed().stream()
                        .map(delegation -> delegation.key() + ":\n" + delegation.answer())
                        .collect(Collectors.joining("\n\n"));
    }

    /** The delegation with its member's answer, or the reason why there is none. */
    private static StoredTeam.Delegation withAnswer(StoredTeam.Delegation delegation, Subtask<RunOutput> subtask) {
        var output = subtask.value();
        return new StoredTeam.Delegation(
                delegation.toolCallId(),
                delegation.key(),
                delegation.memberId(),
                delegation.runId(),
                answer(subtask),
                output != null && output.isCompleted());
    }

    private static String answer(Subtask<RunOutput> subtask) {
        return switch (subtask.status()) {
            case COMPLETED -> {
                try {
                    yield Members.answer(Objects.requireNonNull(subtask.value()));
                } catch (MemberFailedException e) {
                    yield RunFailure.of(e).message();
                }
            }
            case ERROR -> Objects.requireNonNull(subtask.failure()).message();
            default ->
                InterruptionTexts.stopped(
                        Objects.requireNonNull(subtask.cause()).reason());
        };
    }
}
