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

/** What the runs of a tree ask people, and have not been told yet. Guarded by the tree's lock. */
public final class PendingRequirements {
    private static final class Open {
        final Requirement requirement;
        final ObservedRun run;
        final Scope scope;

        @Nullable
        Decision decision;

        Open(Requirement requirement, ObservedRun run, Scope scope) {
            this.requirement = requirement;
            this.run = run;
            this.scope = scope;
        }
    }

    private final Map<String, Open> open = new LinkedHashMap<>(0);

    /**
     * Asks, and waits for the answers.
     *
     * @return one for each question, in their order
     * @throws dev.rein.cancel.CancelledException if a stop ends the wait: no answer is taken after it
     */
    public List<Decision> ask(ObservedRun run, Scope scope, List<Requirement> questions) {
        var asked = new ArrayList<Open>();
        scope.guarded(() -> {
            scope.throwIfCancelled();
            for (var question : questions) {
                var each = new Open(question, run, scope);
                asked.add(each);
                open.put(question.id(), each);
            }
            scope.asks(true);
        });
        try {
            scope.awaitUntil(() -> asked.stream().allMatch(each -> each.decision != null), Long.MAX_VALUE, true);
            return asked.stream()
                    .map(each -> Objects.requireNonNull(each.decision))
                    .toList();
        } finally {
            scope.guarded(() -> {
                questions.forEach(question -> open.remove(question.id()));
                scope.asks(false);
            });
        }
    }

    /** What a run and those below it wait for, oldest first. */
    public List<Requirement> of(ObservedRun run) {
        return open.values().stream()
                .filter(each -> each.decision == null && run.covers(each.run.id()))
                .map(each -> each.requirement)
                .toList();
    }

    /** What they wait for together with that has been decided already, oldest first. */
    public List<StoredPause.Answered> answered(ObservedRun run) {
        return open.values().stream()
                .filter(each -> each.decision != null && run.covers(each.run.id()))
                .map(each -> new StoredPause.Answered(each.requirement, Objects.requireNonNull(each.decision)))
                .toList();
    }

    /**
     * Takes answers: all, or none when one does not fit.
     *
     * @throws RunRejectedException if nothing of that kind is asked; the message says what is
     */
    public void decide(ObservedRun run, List<Decision> decisions) {
        var taken = new HashSet<String>();
        for (var decision : decisions) {
            check(run, decision);
            if (!taken.add(decision.requirementId())) {
                throw new IllegalArgumentException(
                        "two decisions for requirement " + decision.requirementId() + ": give one for each");
            }
        }
        var scopes = new HashSet<Scope>();
        for (var decision : decisions) {
            var each = Objects.requireNonNull(open.get(decision.requirementId()));
            each.decision = decision;
            scopes.add(each.scope);
        }
        for (var scope : scopes) {
            if (open.values().stream().noneMatch(each -> each.scope == scope && each.decision == null)) {
                scope.asks(false);
            }
            scope.signal();
        }
    }

    private void check(ObservedRun run, Decision decision) {
        var asked = open.get(decision.requirementId());
        if (asked == null || asked.decision != null || !run.covers(asked.run.id()) || asked.scope.isCancelled()) {
            throw new RunRejectedException(
                    Reason.NOT_ASKED,
                    "run " + run.id() + " does not wait for requirement " + decision.requirementId() + "; it waits for "
                            + named(of(run)));
        }
        checkFits(asked.requirement, decision);
    }

    /** @throws IllegalArgumentException if a decision does not answer what is asked */
    static void checkFits(Requirement requirement, Decision decision) {
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

    static String named(List<Requirement> requirements) {
        return requirements.isEmpty()
                ? "none"
                : requirements.stream()
                        .map(each -> each.id() + " (" + each.kind() + ")")
                        .collect(Collectors.joining(", "));
    }
}
