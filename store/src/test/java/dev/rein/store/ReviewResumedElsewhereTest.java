package dev.rein.store;

import static dev.rein.store.ReleasedRuns.leave;
import static dev.rein.store.ReleasedRuns.pending;
import static dev.rein.store.ReleasedRuns.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rein.run.Decision;
import dev.rein.run.Requirement;
import dev.rein.run.RunRejectedException;
import dev.rein.run.RunStatus;
import dev.rein.run.StepOutput;
import dev.rein.session.StoredPause;
import dev.rein.session.StoredRun;
import dev.rein.workflow.Condition;
import dev.rein.workflow.Loop;
import dev.rein.workflow.OnError;
import dev.rein.workflow.OnReject;
import dev.rein.workflow.OnTimeout;
import dev.rein.workflow.Parallel;
import dev.rein.workflow.Router;
import dev.rein.workflow.Step;
import dev.rein.workflow.Steps;
import dev.rein.workflow.Workflow;
import dev.rein.workflow.WorkflowStep;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Steps of all kinds ask in one process and are answered in another, which has only the row of the run. */
class ReviewResumedElsewhereTest extends TwoProcesses {
    private static final Duration SOON = Duration.ofMillis(20);

    /** What was executed, in all processes. */
    private final List<String> done = new CopyOnWriteArrayList<>();

    private Step noting(String name) {
        return Step.of(name, input -> {
            var rejection = input.rejection();
            var text = name + (rejection == null ? "" : " again, " + rejection.note());
            done.add(text);
            return StepOutput.of(text);
        });
    }

    private Workflow workflow(WorkflowStep... steps) {
        return Workflow.builder()
                .name("Flow")
                .store(store)
                .storeWait(Duration.ofMinutes(1))
                .steps(steps)
                .build();
    }

    /** New steps of each kind, each with the step "inner" in it. */
    private List<Supplier<WorkflowStep>> kinds() {
        return List.of(
                () -> noting("inner").confirm("May it?").review("Good?"),
                () -> Steps.of("all", noting("inner")).confirm("May it?").review("Good?"),
                () -> Parallel.of("both", noting("inner")).confirm("May it?").review("Good?"),
                () -> Loop.of("loop", noting("inner"))
                        .maxIterations(1)
                        .confirm("May it?")
                        .review("Good?"),
                () -> Condition.of("if", _ -> true, noting("inner"))
                        .confirm("May it?")
                        .review("Good?"),
                () -> Router.of("way", _ -> List.of("inner"), noting("inner"))
                        .confirm("May it?")
                        .review("Good?"));
    }

    private StoredRun left(Supplier<Workflow> built) throws Exception {
        return leave(other, built.get().start("Go", SESSION));
    }

    /** Goes on with a workflow that is built anew, and leaves it again if it waits again. */
    private StoredRun goOn(Supplier<Workflow> built, StoredRun row, Function<String, Decision> decision)
            throws Exception {
        var decisions = pending(row).stream().map(decision).toArray(Decision[]::new);
        var run = built.get().continueRun(row.runId(), decisions);
        return run.await(LONG).isPaused() ? leave(other, run) : row(other, row.runId());
    }

    private static Requirement asked(StoredRun row) {
        return Objects.requireNonNull(row.pause()).requirements().getFirst();
    }

    @Test
    void eachKindOfStepIsConfirmedRejectedAndAcceptedInFourProcesses() throws Exception {
        for (var kind : kinds()) {
            done.clear();
            Supplier<Workflow> built = () -> workflow(kind.get(), noting("last"));
            var asks = left(built);
            assertThat(asked(asks).kind()).isEqualTo(Requirement.Kind.CONFIRMATION);
            var inReview = goOn(built, asks, Decision::confirm);
            var reviewed = Objects.requireNonNull(
                    Objects.requireNonNull(asked(inReview).terms()).output());
            assertThat(reviewed.content()).contains("inner");
            var again = goOn(built, inReview, id -> Decision.reject(id, "shorter"));
            assertThat(Objects.requireNonNull(asked(again).terms()).rejections())
                    .isEqualTo(1);
            var end = goOn(built, again, Decision::confirm);
            assertThat(end.status()).isEqualTo(RunStatus.COMPLETED);
            assertThat(end.steps().getFirst().content()).contains("inner again, shorter");
            assertThat(done).containsExactly("inner", "inner again, shorter", "last");
        }
    }

    @Test
    void anOutputIsChangedInAnotherProcess() throws Exception {
        for (var kind : kinds()) {
            Supplier<Workflow> built = () -> workflow(kind.get(), Step.of("last", in -> StepOutput.of(in.text())));
            var end = goOn(built, goOn(built, left(built), Decision::confirm), id -> Decision.edit(id, "better"));
            assertThat(end.text()).isEqualTo("better");
        }
    }

    @Test
    void whatIsMadeAgainAndPausesStillKnowsTheFeedbackElsewhere() throws Exception {
        Supplier<Workflow> built =
                () -> workflow(Steps.of("all", noting("first"), noting("second").confirm("May it?"))
                        .review("Good?"));
        var inReview = goOn(built, left(built), Decision::confirm);
        var inRetry = goOn(built, inReview, id -> Decision.reject(id, "shorter"));
        assertThat(asked(inRetry).kind()).isEqualTo(Requirement.Kind.CONFIRMATION);
        var again = goOn(built, inRetry, Decision::confirm);
        assertThat(Objects.requireNonNull(asked(again).terms()).rejections()).isEqualTo(1);
        assertThat(goOn(built, again, Decision::confirm).status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(done).containsExactly("first", "second", "first again, shorter", "second again, shorter");
    }

    @Test
    void aReviewInANestedWorkflowAndInABranchGoesOnElsewhere() throws Exception {
        Supplier<Workflow> built = () -> workflow(Parallel.of(
                "both",
                noting("a"),
                Step.of(
                        "nested",
                        Workflow.builder()
                                .name("Inner")
                                .store(store)
                                .steps(noting("inner").review("Good?"))
                                .build())));
        var again = goOn(built, left(built), id -> Decision.reject(id, "shorter"));
        var end = goOn(built, again, Decision::confirm);
        assertThat(end.status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(done).containsExactlyInAnyOrder("a", "inner", "inner again, shorter");
    }

    @Test
    void aRejectedConditionExecutesItsOtherStepsElsewhere() throws Exception {
        Supplier<Workflow> built = () -> workflow(Condition.of("if", _ -> true, noting("then"))
                .otherwise(noting("else").confirm("May it?"))
                .confirm("May it?"));
        var inElse = goOn(built, left(built), Decision::reject);
        assertThat(goOn(built, inElse, Decision::confirm).status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(done).containsExactly("else");
    }

    @Test
    void aRejectionElsewhereCancelsTheRun() throws Exception {
        Supplier<Workflow> built =
                () -> workflow(noting("inner").review("Good?").onReject(OnReject.CANCEL), noting("last"));
        var end = goOn(built, left(built), id -> Decision.reject(id, "never"));
        assertThat(end.status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(Objects.requireNonNull(end.cause()).reason()).endsWith("was not accepted: never");
        assertThat(done).containsExactly("inner");
    }

    // ---- time

    /** A run that was left, and whose time is over. */
    private StoredRun expired(Supplier<Workflow> built) throws Exception {
        var row = left(built);
        var pause = Objects.requireNonNull(row.pause());
        var asked = asked(row);
        var terms = Objects.requireNonNull(asked.terms());
        var over = new Requirement(
                asked.id(),
                asked.kind(),
                asked.runId(),
                asked.componentId(),
                null,
                asked.step(),
                asked.message(),
                asked.fields(),
                asked.choices(),
                asked.createdAt(),
                null,
                new Requirement.Terms(
                        terms.step(), null, terms.onReject(), 0, 3, asked.createdAt(), terms.onTimeout()));
        var past = new StoredPause(
                List.of(over),
                pause.answered(),
                pause.state(),
                pause.changes(),
                pause.steps(),
                pause.childRunIds(),
                pause.nextIndex(),
                pause.team(),
                pause.answerType(),
                pause.obstacle(),
                pause.options());
        other.update(row.toBuilder().pause(past).build());
        return row(other, row.runId());
    }

    @Test
    void theOutcomeOfATimeThatIsOverTakesEffectWhateverIsDecidedElsewhere() throws Exception {
        Supplier<Workflow> built = () -> workflow(
                noting("inner").confirm("May it?").reviewTimeout(Duration.ofHours(1), OnTimeout.SKIP), noting("last"));
        assertThat(goOn(built, expired(built), Decision::confirm).status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(done).containsExactly("last");
        // Without a decision too.
        var row = expired(built);
        built.get().continueRun(row.runId()).await(LONG);
        assertThat(done).containsExactly("last", "last");
    }

    @Test
    void aTimeOutInItsOwnProcessIsStoredAndNoOtherProcessGoesOnWithTheRun() throws Exception {
        Supplier<Workflow> built =
                () -> workflow(noting("inner").review("Good?").reviewTimeout(SOON, OnTimeout.APPROVE));
        var run = built.get().start("Go", SESSION);
        await().atMost(LONG).until(() -> row(other, run.id()).status() == RunStatus.COMPLETED);
        assertThat(run.await(LONG).text()).isEqualTo("inner");
        assertThatThrownBy(() -> built.get().continueRun(run.id()))
                .isInstanceOf(RunRejectedException.class)
                .hasMessageContaining("COMPLETED");
    }

    // ---- what has changed

    @Test
    void aStepThatNoLongerAsksIsRefused() throws Exception {
        Supplier<Workflow> built = () -> workflow(noting("inner").review("Good?"));
        var row = left(built);
        assertThatThrownBy(() -> goOn(() -> workflow(noting("inner")), row, Decision::confirm))
                .isInstanceOf(RunRejectedException.class)
                .hasMessageContaining("no longer asks the pending question");
        assertThat(goOn(built, row, Decision::confirm).status()).isEqualTo(RunStatus.COMPLETED);
    }

    @Test
    void aStepThatFailsWhileItIsMadeAgainAsksWhatToDo() throws Exception {
        Supplier<Workflow> built = () -> workflow(Step.of("inner", input -> {
                    if (input.rejection() != null && done.size() < 2) {
                        done.add("failed");
                        throw new IllegalStateException("no luck");
                    }
                    done.add("made");
                    return StepOutput.of("made");
                })
                .onError(OnError.PAUSE)
                .review("Good?"));
        var failed = goOn(built, left(built), Decision::reject);
        assertThat(asked(failed).kind()).isEqualTo(Requirement.Kind.ERROR);
        var again = goOn(built, failed, Decision::retry);
        assertThat(asked(again).kind()).isEqualTo(Requirement.Kind.REVIEW);
        assertThat(goOn(built, again, Decision::confirm).text()).isEqualTo("made");
        assertThat(done).containsExactly("made", "failed", "made");
    }
}
