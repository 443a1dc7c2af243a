package dev.rein.internal.team;

import dev.rein.internal.Ids;
import dev.rein.internal.delivery.InterruptionTexts;
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

/** Work that one call of a leader's gives to several members, each in a piece of its own. Its parts are guarded by the tree's lock. */
final class DelegationBatch {
    private final Members members;
    private final Run run;
    private final Context call;
    private final String callId;

    /** By their keys: the id of the task, or of the member. */
    private final Map<String, StoredTeam.Delegation> parts = new LinkedHashMap<>();

    private final List<Subtask<RunOutput>> pieces = new ArrayList<>();

    /** @param call of the leader's tool */
    DelegationBatch(Members members, Run run, Context call) {
        this.members = members;
        this.run = run;
        this.call = call;
        this.callId = Objects.requireNonNull(call.toolCallId());
    }

    String callId() {
        return callId;
    }

    /** Goes on with what the call has given in another process. */
    void goOn(List<StoredTeam.Delegation> left) {
        for (var part : left) {
            if (part.answer() != null) {
                put(part);
            } else {
                var waits = Objects.requireNonNull(
                        Objects.requireNonNull(run.plan().resumed()).below(Objects.requireNonNull(part.runId())));
                var member = Objects.requireNonNull(members.find(waits.row().componentId()));
                start(part, member, waits.row().input().text(), waits);
            }
        }
    }

    /** Has a member work on a task. */
    void give(String key, Component member, String task) {
        start(new StoredTeam.Delegation(callId, key, member.id(), Ids.ofRun(), null, false), member, task, null);
    }

    /** Nobody works on it. */
    void refuse(String key, String why) {
        put(new StoredTeam.Delegation(callId, key, null, null, why, false));
    }

    private void start(StoredTeam.Delegation part, Component member, String task, @Nullable ResumedRun left) {
        put(part);
        var runId = Objects.requireNonNull(part.runId());
        pieces.add(call.resuming(left)
                .fork(
                        "member " + member.id(),
                        null,
                        null,
                        context -> members.work(member, task, context, runId),
                        piece -> parts.put(part.key(), answered(part, piece)),
                        _ -> {}));
    }

    private void put(StoredTeam.Delegation part) {
        run.guarded(() -> parts.put(part.key(), part));
    }

    void await() {
        var rest = new ArrayList<>(pieces);
        while (!rest.isEmpty()) {
            rest.removeAll(call.awaitOver(rest));
        }
    }

    List<StoredTeam.Delegation> parts() {
        return List.copyOf(parts.values());
    }

    /** What members were given, in that order. When all is over. */
    List<StoredTeam.Delegation> given() {
        return parts.values().stream().filter(part -> part.memberId() != null).toList();
    }

    /** All answers in one text, those of nobody first. When all is over. */
    String said() {
        var text = new StringBuilder();
        for (var part : parts.values()) {
            if (part.memberId() == null) {
                text.append(part.key())
                        .append(" was not executed: ")
                        .append(part.answer())
                        .append('\n');
            }
        }
        return text
                + given().stream()
                        .map(part -> part.key() + ":\n" + part.answer())
                        .collect(Collectors.joining("\n\n"));
    }

    /** A part with what its member has answered, or why it has not. */
    private static StoredTeam.Delegation answered(StoredTeam.Delegation part, Subtask<RunOutput> piece) {
        var output = piece.value();
        return new StoredTeam.Delegation(
                part.toolCallId(),
                part.key(),
                part.memberId(),
                part.runId(),
                said(piece),
                output != null && output.isCompleted());
    }

    private static String said(Subtask<RunOutput> piece) {
        return switch (piece.status()) {
            case COMPLETED -> {
                try {
                    yield Members.answer(Objects.requireNonNull(piece.value()));
                } catch (MemberFailedException e) {
                    yield RunFailure.of(e).message();
                }
            }
            case ERROR -> Objects.requireNonNull(piece.failure()).message();
            default ->
                InterruptionTexts.stopped(Objects.requireNonNull(piece.cause()).reason());
        };
    }
}
