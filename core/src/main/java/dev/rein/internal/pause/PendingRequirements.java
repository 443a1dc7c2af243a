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

        @Nullable
        Decision decision;

        Pending(Requirement requirement, ObservedRun run, Scope scope) {
            this.requirement = requirement;
            this.run = run;
            this.scope = scope;
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
        var asked = new ArrayList<Pending>();
        scope.guarded(() -> {
            scope.throwIfCancelled();
            for (var question : questions) {
                var each = new Pending(question, run, scope);
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
                scope.awaitsDecision(false);
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
            if (pending.values().stream().noneMatch(each -> each.scope == scope && each.decision == null)) {
                scope.awaitsDecision(false);
            }
            scope.signal();
        }
    }

    private void check(ObservedRun run, Decision decision) {
        var asked = pending.get(decision.requirementId());
        if (asked == null || asked.decision != null || !run.covers(asked.run.id()) || asked.scope.isCancelled()) {
            throw new RunRejectedException(
                    Reason.NOT_ASKED,
                    "run " + run.id() + " does not wait for requirement " + decision.requirementId() + "; it waits for "
                            + describe(of(run)));
        }
        requireAnswers(asked.requirement, decision);
    }

    /** @throws IllegalArgumentException if a decision does not answer a requirement */
    static void requireAnswers(Requirement requirement, Decision decision) {
        if (!decision.action().answers(requirement.kind())) {
            throw new IllegalArgumentException(decision.action() + " does not answer requirement " + requirement.id()
                    + ", which asks for " + requirement.kind());
        }
        var missing = requirement.fields().stream()
                .filter(field -> decision.action() == Decision.Action.INPUT
                        && !decision.values().containsKey(field))
                .toList();
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException("requirement " + requirement.id() + " asks for " + requirement.fields()
                    + ", and " + missing + " is missing");
        }
        if (decision.action() == Decision.Action.CHOOSE
                && (decision.choices().isEmpty() || !requirement.choices().containsAll(decision.choices()))) {
            throw new IllegalArgumentException("requirement " + requirement.id() + " chooses from "
                    + requirement.choices() + ", not " + decision.choices());
        }
    }

    static String describe(List<Requirement> requirements) {
        return requirements.isEmpty()
                ? "none"
                : requirements.stream()
                        .map(each -> each.id() + " (" + each.kind() + ")")
                        .collect(Collectors.joining(", "));
    }
}
