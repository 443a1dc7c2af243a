package dev.rein.internal.pause;

import dev.rein.internal.event.ObservedRun;
import dev.rein.internal.stop.Scope;
import dev.rein.run.Decision;
import dev.rein.run.Requirement;
import dev.rein.run.RunRejectedException;
import dev.rein.run.RunRejectedException.Reason;
import dev.rein.session.StoredPause;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The requirements of a tree of runs whose decisions have not been delivered yet. Guarded by the tree's lock. */
public final class PendingRequirements {
    private static final class Pending {
        final Requirement requirement;
        final ObservedRun run;
        final Scope scope;

        /** Whether the code of a tool asks, in the middle of its call. */
        final boolean isDuringCall;

        @Nullable
        Decision decision;

        Pending(Requirement requirement, ObservedRun run, Scope scope, boolean isDuringCall) {
            this.requirement = requirement;
            this.run = run;
            this.scope = scope;
            this.isDuringCall = isDuringCall;
        }
    }

    private final Map<String, Pending> pending = new LinkedHashMap<>(0);

    /**
     * Asks questions and waits for the decisions.
     *
     * @return one decision for each question, in their order
     * @throws dev.rein.cancel.CancelledException if a stop ends the wait; no decision is accepted after that
     */
    public List<Decision> ask(ObservedRun run, Scope scope, List<Requirement> questions) {
        return ask(run, scope, questions, false);
    }

    /** The same for a question that the code of a tool asks in the middle of its call. */
    public Decision askDuringCall(ObservedRun run, Scope scope, Requirement question) {
        return ask(run, scope, List.of(question), true).getFirst();
    }

    private List<Decision> ask(ObservedRun run, Scope scope, List<Requirement> questions, boolean isDuringCall) {
        var asked = new ArrayList<Pending>();
        scope.guarded(() -> {
            scope.throwIfCancelled();
            for (var question : questions) {
                var each = new Pending(question, run, scope, isDuringCall);
                asked.add(each);
                pending.put(question.id(), each);
            }
            scope.awaitsDecision(true);
        });
        try {
            scope.awaitUntil(() -> asked.stream().allMatch(each -> each.decision != null), Long.MAX_VALUE, true);
            return asked.stream()
                    .map(each -> Objects.requireNonNull(each.decision))
                    .toList();
        } finally {
            scope.guarded(() -> {
                questions.forEach(question -> pending.remove(question.id()));
                // Another thread of the same call may wait too.
                scope.awaitsDecision(isAsking(scope));
            });
        }
    }

    /** The undecided requirements of a run and its descendants, oldest first. */
    public List<Requirement> of(ObservedRun run) {
        return pending.values().stream()
                .filter(each -> each.decision == null && run.covers(each.run.id()))
                .map(each -> each.requirement)
                .toList();
    }

    /** The requirements that are decided, but wait for other decisions of the same batch, oldest first. */
    public List<StoredPause.Answered> answered(ObservedRun run) {
        return pending.values().stream()
                .filter(each -> each.decision != null && run.covers(each.run.id()))
                .map(each -> new StoredPause.Answered(each.requirement, Objects.requireNonNull(each.decision)))
                .toList();
    }

    /**
     * Accepts decisions: all of them, or none if one is invalid.
     *
     * @throws RunRejectedException if a requirement is not pending; the message names those that are
     * @throws IllegalArgumentException if a decision does not answer its requirement, or there are two for one
     */
    public void decide(ObservedRun run, List<Decision> decisions) {
        var ids = new HashSet<String>();
        for (var decision : decisions) {
            check(run, decision);
            if (!ids.add(decision.requirementId())) {
                throw new IllegalArgumentException(
                        "two decisions for requirement " + decision.requirementId() + ": give one for each");
            }
        }
        var scopes = new HashSet<Scope>();
        for (var decision : decisions) {
            var each = Objects.requireNonNull(pending.get(decision.requirementId()));
            each.decision = decision;
            scopes.add(each.scope);
        }
        for (var scope : scopes) {
            if (!isAsking(scope)) {
                scope.awaitsDecision(false);
            }
            scope.signal();
        }
    }

    // Scopes are compared by identity.
    @SuppressWarnings("ReferenceEquality")
    private boolean isAsking(Scope scope) {
        return pending.values().stream().anyMatch(each -> each.scope == scope && each.decision == null);
    }

    /** Whether a requirement is that of the code of a tool, in the middle of its call. */
    public boolean isDuringCall(Requirement requirement) {
        var asked = pending.get(requirement.id());
        return asked != null && asked.isDuringCall;
    }

    private void check(ObservedRun run, Decision decision) {
        var asked = pending.get(decision.requirementId());
        if (asked == null || asked.decision != null || !run.covers(asked.run.id()) || asked.scope.isCancelled()) {
            throw new RunRejectedException(
                    Reason.NOT_ASKED,
                    "run " + run.id() + " does not wait for requirement " + decision.requirementId() + "; it waits for "
                            + describe(of(run)));
        }
        DecisionCheck.requireAnswers(asked.requirement, decision);
    }

    static String describe(List<Requirement> requirements) {
        return requirements.isEmpty()
                ? "none"
                : requirements.stream()
                        .map(each -> each.id() + " (" + each.kind() + ")")
                        .collect(Collectors.joining(", "));
    }
}
