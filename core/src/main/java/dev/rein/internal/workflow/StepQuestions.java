package dev.rein.internal.workflow;

import dev.rein.cancel.CancelKind;
import dev.rein.cancel.CancelRequest;
import dev.rein.internal.run.Context;
import dev.rein.internal.run.Run;
import dev.rein.internal.stop.Durations;
import dev.rein.run.Decision;
import dev.rein.run.Requirement;
import dev.rein.run.Requirement.Outcome;
import dev.rein.run.StepOutput;
import dev.rein.run.StepRef;
import dev.rein.run.event.EventMeta;
import dev.rein.run.event.RunEvent;
import dev.rein.run.event.StepOutputReview;
import dev.rein.run.event.StepPaused;
import dev.rein.session.StoredStep.Stage;
import dev.rein.workflow.Condition;
import dev.rein.workflow.HumanReview;
import dev.rein.workflow.OnReject;
import dev.rein.workflow.WorkflowStep;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a step asks people, and what their answers lead to.
 *
 * <pre>
 *   AWAITING_DECISION --confirmed, or nothing asked--> STARTED --output--> IN_REVIEW --accepted, changed--> ENDED
 *     |        ^                                          |                 |     |                           ^
 *     |        |                                          |                 |     |                           |
 *     |        \__________ RETRY, at most maxRetries times _|_________________/     |                           |
 *     |                                                   \__no review needed______|___________________________|
 *     \__SKIP__________________________________________________________________SKIP_|___________________________|
 * </pre>
 *
 * CANCEL, and a rejection after the last retry, stop the run of the workflow from any of the waits.
 */
final class StepQuestions {
    private final Run run;
    private final WorkflowStep step;
    private final HumanReview human;
    private final StepRef ref;
    private final Context at;
    private final StepState state;

    StepQuestions(Run run, WorkflowStep step, Context at, StepState state) {
        this.run = run;
        this.step = step;
        this.human = step.humanReview();
        this.ref = state.ref();
        this.at = at;
        this.state = state;
    }

    /**
     * Asks the question before the start, unless it was answered before.
     *
     * @return the output of a step that is skipped; null if it is executed
     */
    @Nullable
    StepOutput beforeStart() {
        var question = human.before();
        if (question == null || state.is(Stage.IN_REVIEW)) {
            return null;
        }
        var decision = state.decision();
        if (decision == null) {
            var requirement = at.requirement(question, terms(null, outcomeBeforeStart()));
            decision = state.ask(at, requirement, meta -> new StepPaused(meta, ref, requirement));
            state.setDecision(decision);
        }
        return switch (outcome(decision, outcomeBeforeStart())) {
            case CANCEL -> throw cancel("step \"" + step.name() + "\" was not allowed", decision);
            case SKIP -> skipped("It was not allowed", decision);
            case APPROVE, ELSE_BRANCH, RETRY -> null;
        };
    }

    /** Whether people have rejected a condition in such a way that it executes its other steps. */
    boolean requiresElseBranch() {
        var decision = state.decision();
        return decision != null && outcome(decision, outcomeBeforeStart()) == Outcome.ELSE_BRANCH;
    }

    private Outcome outcomeBeforeStart() {
        var chosen = human.onReject();
        if (chosen == null || chosen == OnReject.RETRY) {
            return step instanceof Condition ? Outcome.ELSE_BRANCH : Outcome.SKIP;
        }
        return outcome(chosen);
    }

    /**
     * Has the output of the step reviewed, if that is required.
     *
     * @return the accepted output, or that of a skipped step; null if the step is to be executed again
     */
    @Nullable
    StepOutput review(StepOutput output) throws Exception {
        var text = human.output();
        if (text == null || !output.success()) {
            return output;
        }
        if (!state.is(Stage.IN_REVIEW)) {
            var needed = WorkflowExecutor.callUserCode(
                    step.name(), at, () -> human.check().isNeeded(output));
            if (!needed) {
                return output;
            }
            state.setInReview(output);
        }
        var before = state.rejection();
        var rejections = before == null ? 0 : before.number();
        var requirement = at.requirement(Requirement.Kind.REVIEW, text, List.of(), terms(output, outcomeOfReview()));
        var decision = state.ask(at, requirement, meta -> new StepOutputReview(meta, ref, requirement));
        return switch (outcome(decision, outcomeOfReview())) {
            case APPROVE ->
                decision.action() == Decision.Action.EDIT
                        ? output.content(Objects.requireNonNull(decision.result()))
                        : output;
            case SKIP -> skipped("Its output was not accepted", decision);
            case CANCEL -> throw cancel("the output of step \"" + step.name() + "\" was not accepted", decision);
            case RETRY, ELSE_BRANCH -> {
                if (rejections >= human.maxRetries()) {
                    throw cancel(
                            "the output of step \"" + step.name() + "\" was rejected " + (rejections + 1) + " times",
                            decision);
                }
                state.executeAgain(new Decision.Rejection(rejections + 1, decision.note(), output));
                yield null;
            }
        };
    }

    private Outcome outcomeOfReview() {
        var chosen = human.onReject();
        return chosen == null || chosen == OnReject.ELSE_BRANCH ? Outcome.RETRY : outcome(chosen);
    }

    private static Outcome outcome(OnReject value) {
        return switch (value) {
            case SKIP -> Outcome.SKIP;
            case ELSE_BRANCH -> Outcome.ELSE_BRANCH;
            case RETRY -> Outcome.RETRY;
            case CANCEL -> Outcome.CANCEL;
        };
    }

    private Outcome outcomeOfTimeout() {
        return switch (human.onTimeout()) {
            case APPROVE -> Outcome.APPROVE;
            case SKIP -> Outcome.SKIP;
            case CANCEL -> Outcome.CANCEL;
        };
    }

    private Outcome outcome(Decision decision, Outcome ofRejection) {
        return switch (decision.action()) {
            case REJECT -> ofRejection;
            case TIMED_OUT -> outcomeOfTimeout();
            default -> Outcome.APPROVE;
        };
    }

    /** Asks which steps a router executes. */
    List<String> choose(
            String question, List<String> choices, Function<Requirement, Function<EventMeta, RunEvent>> paused) {
        var rejected = human.onReject() == OnReject.CANCEL ? Outcome.CANCEL : Outcome.SKIP;
        var requirement = at.requirement(Requirement.Kind.ROUTE, question, choices, terms(null, rejected));
        var decision = state.ask(at, requirement, paused.apply(requirement));
        return switch (outcome(decision, rejected)) {
            case APPROVE -> decision.choices();
            case CANCEL -> throw cancel("router \"" + step.name() + "\" was rejected", decision);
            default -> List.of();
        };
    }

    private Requirement.Terms terms(@Nullable StepOutput output, Outcome onReject) {
        var timeout = human.timeout();
        var rejection = state.rejection();
        return new Requirement.Terms(
                WorkflowExecutor.kind(step),
                output,
                onReject,
                rejection == null ? 0 : rejection.number(),
                human.maxRetries(),
                timeout == null ? null : Instant.now().plus(Durations.nanos(timeout), ChronoUnit.NANOS),
                outcomeOfTimeout());
    }

    /** The output of a skipped step, without what was discarded: later steps would find it. */
    private StepOutput skipped(String error, Decision decision) {
        return state.result("", false, withNote(error, decision), null, false, List.of(), List.of());
    }

    private String withNote(String error, Decision decision) {
        var timeout = human.timeout();
        var why = decision.action() == Decision.Action.TIMED_OUT && timeout != null
                ? "nobody decided within " + Durations.nanos(timeout) / 1_000_000 + " ms"
                : decision.note();
        return why == null ? error + "." : error + ": " + why;
    }

    /** Stops the run of the workflow. */
    private RuntimeException cancel(String reason, Decision decision) {
        var kind = decision.action() == Decision.Action.TIMED_OUT ? CancelKind.DEADLINE : CancelKind.USER;
        run.cancel(CancelRequest.now().kind(kind).reason(withNote(reason, decision)));
        at.scope().throwIfCancelled();
        return new IllegalStateException("run " + run.id() + " was cancelled, but its step goes on");
    }
}
