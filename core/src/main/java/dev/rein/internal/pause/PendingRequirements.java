package dev.rein.internal.pause;

import dev.rein.internal.event.ObservedRun;
import dev.rein.internal.stop.Durations;
import dev.rein.internal.stop.Scope;
import dev.rein.run.Decision;
import dev.rein.run.Requirement;
import dev.rein.run.RunRejectedException;
import dev.rein.run.RunRejectedException.Reason;
import dev.rein.session.StoredPause;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
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

    /** How long an expired requirement whose outcome could not be applied, as while the store does not answer, waits again. */
    private static final Duration EXPIRY_RETRY = Duration.ofSeconds(1);

    private final Map<String, Pending> pending = new LinkedHashMap<>(0);

    /**
     * Asks questions and waits for the decisions.
     *
     * @param expiry called without the lock when questions have expired; has {@link #expire} called, and does not block
     * @return one decision for each question, in their order
     * @throws dev.rein.cancel.CancelledException if a stop ends the wait; no decision is accepted after that
     * @throws IllegalStateException if the scope has ended, or ends while another thread of its code asks
     */
    public List<Decision> ask(
            ObservedRun run, Scope scope, List<Requirement> questions, Consumer<List<Requirement>> expiry) {
        return ask(run, scope, questions, false, expiry);
    }

    /** The same for a question that the code of a tool asks in the middle of its call. */
    public Decision askDuringCall(ObservedRun run, Scope scope, Requirement question) {
        return ask(run, scope, List.of(question), true, _ -> {}).getFirst();
    }

    private List<Decision> ask(
            ObservedRun run,
            Scope scope,
            List<Requirement> questions,
            boolean isDuringCall,
            Consumer<List<Requirement>> expiry) {
        var asked = new ArrayList<Pending>();
        scope.guarded(() -> {
            scope.throwIfCancelled();
            requireGoing(scope, questions);
            for (var question : questions) {
                var each = new Pending(question, run, scope, isDuringCall);
                asked.add(each);
                pending.put(question.id(), each);
            }
            scope.awaitsDecision(true);
        });
        try {
            var deadline = expiry(questions);
            while (!scope.awaitUntil(() -> scope.status().isTerminal() || areDecided(asked), deadline, true)) {
                expiry.accept(questions.stream()
                        .filter(each -> each.terms() != null && each.terms().expiresAt() != null)
                        .toList());
                deadline = System.nanoTime() + EXPIRY_RETRY.toNanos();
            }
            return scope.locked(() -> {
                if (!areDecided(asked)) {
                    requireGoing(scope, questions);
                }
                return asked.stream()
                        .map(each -> Objects.requireNonNull(each.decision))
                        .toList();
            });
        } finally {
            scope.guarded(() -> {
                questions.forEach(question -> pending.remove(question.id()));
                // Another thread of the same call may wait too.
                scope.awaitsDecision(isAsking(scope));
            });
        }
    }

    private static boolean areDecided(List<Pending> asked) {
        return asked.stream().allMatch(each -> each.decision != null);
    }

    private static void requireGoing(Scope scope, List<Requirement> questions) {
        if (scope.status().isTerminal()) {
            throw new IllegalStateException("the call is over that asks \""
                    + questions.getFirst().message()
                    + "\": let it wait for its threads that ask before it returns");
        }
    }

    /** When the first of some questions expires, of the clock of {@link System#nanoTime}. */
    private static long expiry(List<Requirement> questions) {
        var first = Long.MAX_VALUE;
        for (var question : questions) {
            var at = question.terms() == null ? null : question.terms().expiresAt();
            if (at != null) {
                var left = Durations.nanos(Duration.between(Instant.now(), at));
                first = Math.min(first, System.nanoTime() + Math.max(0, left));
            }
        }
        return first;
    }

    /** Has those of some requirements that are undecided time out. */
    public void expire(List<Requirement> requirements) {
        deliver(requirements.stream()
                .filter(each -> {
                    var asked = pending.get(each.id());
                    return asked != null && asked.decision == null && !asked.scope.isCancelled();
                })
                .map(PendingRequirements::timedOut)
                .toList());
    }

    /** The decision on a requirement that nobody has decided in time. */
    static Decision timedOut(Requirement requirement) {
        return new Decision(requirement.id(), Decision.Action.TIMED_OUT, null, Map.of(), null, List.of());
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
     * The requirements that decisions are for, in their order. Whether they answer these is checked without the lock, because their
     * values are the user's: see {@link DecisionCheck}.
     *
     * @throws RunRejectedException if a requirement is not pending; the message names those that are
     * @throws IllegalArgumentException if there are two decisions for one requirement
     */
    public List<Requirement> asked(ObservedRun run, List<Decision> decisions) {
        var ids = new HashSet<String>();
        var asked = new ArrayList<Requirement>();
        for (var decision : decisions) {
            asked.add(asked(run, decision));
            if (!ids.add(decision.requirementId())) {
                throw new IllegalArgumentException(
                        "two decisions for requirement " + decision.requirementId() + ": give one for each");
            }
        }
        return asked;
    }

    /**
     * Accepts decisions that answer their requirements: all of them, or none if one is no longer waited for.
     *
     * @throws RunRejectedException if a requirement is not pending; the message names those that are
     */
    public void decide(ObservedRun run, List<Decision> decisions) {
        decisions.forEach(decision -> asked(run, decision));
        deliver(decisions);
    }

    private void deliver(List<Decision> decisions) {
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

    private Requirement asked(ObservedRun run, Decision decision) {
        var asked = pending.get(decision.requirementId());
        if (asked == null || asked.decision != null || !run.covers(asked.run.id()) || asked.scope.isCancelled()) {
            throw new RunRejectedException(
                    Reason.NOT_ASKED,
                    "run " + run.id() + " does not wait for requirement " + decision.requirementId() + "; it waits for "
                            + describe(of(run)));
        }
        return asked.requirement;
    }

    static String describe(List<Requirement> requirements) {
        return requirements.isEmpty()
                ? "none"
                : requirements.stream()
                        .map(each -> each.id() + " (" + each.kind() + ")")
                        .collect(Collectors.joining(", "));
    }
}
