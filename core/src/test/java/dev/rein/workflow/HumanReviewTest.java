package dev.rein.workflow;

import static dev.rein.agent.TestModel.says;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rein.agent.Agent;
import dev.rein.agent.Events;
import dev.rein.agent.Gate;
import dev.rein.agent.TestModel;
import dev.rein.cancel.CancelKind;
import dev.rein.cancel.CancelMode;
import dev.rein.cancel.CancelRequest;
import dev.rein.run.Decision;
import dev.rein.run.Requirement;
import dev.rein.run.Requirement.Outcome;
import dev.rein.run.RunOutput;
import dev.rein.run.RunRejectedException;
import dev.rein.run.RunStatus;
import dev.rein.run.StepKind;
import dev.rein.run.StepOutput;
import dev.rein.runtime.RunHandle;
import dev.rein.runtime.Runs;
import dev.rein.session.InMemorySessionStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What steps of all kinds ask people: whether they may start, and whether their output is accepted. */
class HumanReviewTest {
    private static final Duration SOON = Duration.ofMillis(20);

    private final List<String> done = new CopyOnWriteArrayList<>();

    /** Paused runs are live: other tests look at all of them. */
    @AfterEach
    void endWhatWaits() {
        Runs.shared().cancelAll(CancelRequest.now());
        Awaitility.await().until(() -> Runs.shared().live().isEmpty());
    }

    private Step noting(String name) {
        return Step.of(name, input -> {
            done.add(name);
            var rejection = input.rejection();
            return StepOutput.of(name + (rejection == null ? "" : " " + rejection.number() + ", " + rejection.note()));
        });
    }

    private static Workflow workflow(WorkflowStep... steps) {
        return Workflow.builder()
                .store(new InMemorySessionStore())
                .storeWait(Duration.ofMinutes(1))
                .steps(steps)
                .build();
    }

    private static Requirement asked(RunOutput output) {
        assertThat(output.status()).isEqualTo(RunStatus.PAUSED);
        assertThat(output.requirements()).hasSize(1);
        return output.requirements().getFirst();
    }

    private static RunOutput answer(Workflow workflow, RunOutput output, Function<String, Decision> decision)
            throws Exception {
        return Events.end(workflow.continueRun(
                output.runId(), decision.apply(asked(output).id())));
    }

    /** A step of each kind, with the step "inner" in it. */
    private Stream<WorkflowStep> kinds(UnaryKind change) {
        return Stream.of(
                change.apply(noting("inner")),
                change.apply(Steps.of("all", noting("inner"))),
                change.apply(Parallel.of("both", noting("inner"))),
                change.apply(Loop.of("loop", noting("inner")).maxIterations(1)),
                change.apply(Condition.of("if", _ -> true, noting("inner"))),
                change.apply(Router.of("way", _ -> List.of("inner"), noting("inner"))));
    }

    private interface UnaryKind {
        WorkflowStep apply(HumanReviewed<?> step);
    }

    // ---- before the start

    @Test
    void eachKindOfStepStartsOnlyWhenItIsConfirmed() throws Exception {
        for (var step : kinds(each -> each.confirm("May it?")).toList()) {
            done.clear();
            var workflow = workflow(step, noting("last"));
            var paused = workflow.run("Go");
            assertThat(asked(paused).kind()).isEqualTo(Requirement.Kind.CONFIRMATION);
            assertThat(asked(paused).message()).isEqualTo("May it?");
            assertThat(done).as(step.name()).isEmpty();
            assertThat(answer(workflow, paused, Decision::confirm).status()).isEqualTo(RunStatus.COMPLETED);
            assertThat(done).as(step.name()).containsExactly("inner", "last");
        }
    }

    @Test
    void aRejectedStepIsSkippedWithWhatWasSaid() throws Exception {
        for (var step : kinds(each -> each.confirm("May it?")).toList()) {
            done.clear();
            var workflow = workflow(step, noting("last"));
            var output = answer(workflow, workflow.run("Go"), id -> Decision.reject(id, "not today"));
            assertThat(output.status()).isEqualTo(RunStatus.COMPLETED);
            assertThat(done).as(step.name()).containsExactly("last");
            if (!(step instanceof Condition)) {
                assertThat(output.steps().getFirst().success()).isFalse();
                assertThat(output.steps().getFirst().error()).isEqualTo("It was not allowed: not today");
            }
        }
    }

    @Test
    void aRejectedConditionExecutesItsOtherStepsAndDoesNotTest() throws Exception {
        var condition = Condition.of(
                        "if",
                        _ -> {
                            done.add("tested");
                            return true;
                        },
                        noting("then"))
                .otherwise(noting("else"))
                .confirm("May it?");
        var workflow = workflow(condition);
        assertThat(asked(workflow.run("Go")).terms())
                .extracting(Requirement.Terms::onReject)
                .isEqualTo(Outcome.ELSE_BRANCH);
        var output = answer(workflow, workflow.run("Go"), Decision::reject);
        assertThat(done).containsExactly("else");
        assertThat(output.text()).isEqualTo("else");

        done.clear();
        var skipping = workflow(condition.onReject(OnReject.SKIP));
        assertThat(answer(skipping, skipping.run("Go"), Decision::reject)
                        .steps()
                        .getFirst()
                        .success())
                .isFalse();
        assertThat(done).isEmpty();
    }

    @Test
    void aRejectionCancelsTheRunIfTheStepSaysSo() throws Exception {
        for (var step :
                kinds(each -> each.confirm("May it?").onReject(OnReject.CANCEL)).toList()) {
            done.clear();
            var workflow = workflow(step, noting("last"));
            var output = answer(workflow, workflow.run("Go"), id -> Decision.reject(id, "not today"));
            assertThat(output.status()).isEqualTo(RunStatus.CANCELLED);
            var cause = Objects.requireNonNull(output.cause());
            assertThat(cause.kind()).isEqualTo(CancelKind.USER);
            assertThat(cause.reason()).isEqualTo("step \"" + step.name() + "\" was not allowed: not today");
            assertThat(done).isEmpty();
        }
    }

    @Test
    void aRejectedChoiceCancelsTheRunIfTheRouterSaysSo() throws Exception {
        var workflow = workflow(
                Router.asking("way", "Which?", noting("a"), noting("b")).onReject(OnReject.CANCEL));
        var output = answer(workflow, workflow.run("Go"), Decision::reject);
        assertThat(output.status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(done).isEmpty();
    }

    // ---- the output

    @Test
    void theOutputOfEachKindOfStepIsReviewed() throws Exception {
        for (var step : kinds(each -> each.review("Is it good?")).toList()) {
            done.clear();
            var workflow = workflow(step, Step.of("last", input -> StepOutput.of(input.text())));
            var paused = workflow.run("Go");
            var asked = asked(paused);
            assertThat(asked.kind()).isEqualTo(Requirement.Kind.REVIEW);
            var terms = Objects.requireNonNull(asked.terms());
            var reviewed = Objects.requireNonNull(terms.output());
            assertThat(reviewed.stepName()).isEqualTo(step.name());
            assertThat(reviewed.content()).contains("inner");
            assertThat(done).containsExactly("inner");
            var output = answer(workflow, paused, id -> Decision.edit(id, "better"));
            assertThat(output.status()).isEqualTo(RunStatus.COMPLETED);
            assertThat(output.text()).as(step.name()).isEqualTo("better");
            assertThat(output.steps().getFirst().content()).isEqualTo("better");
        }
    }

    @Test
    void aRejectedOutputIsMadeAgainWithTheFeedback() throws Exception {
        for (var step : kinds(each -> each.review("Is it good?")).toList()) {
            done.clear();
            var workflow = workflow(step, noting("last"));
            var again = answer(workflow, workflow.run("Go"), id -> Decision.reject(id, "shorter"));
            assertThat(asked(again).terms())
                    .extracting(Requirement.Terms::rejections)
                    .isEqualTo(1);
            assertThat(done).as(step.name()).containsExactly("inner", "inner");
            var output = answer(workflow, again, Decision::confirm);
            assertThat(output.steps().getFirst().content()).as(step.name()).contains("inner 1, shorter");
            assertThat(output.steps().getFirst().steps().size()).isLessThanOrEqualTo(1);
            assertThat(output.text()).isEqualTo("last");
            assertThat(done).containsExactly("inner", "inner", "last");
        }
    }

    @Test
    void anAgentReadsItsRejectedOutputAndTheFeedback() throws Exception {
        var model = TestModel.of(says("Too long a story."), says("A story."));
        var workflow =
                workflow(Step.of("write", Agent.builder().model(model).build()).review("Is it good?"));
        var paused = workflow.run("Go");
        var output =
                answer(workflow, answer(workflow, paused, id -> Decision.reject(id, "shorter")), Decision::confirm);
        assertThat(output.text()).isEqualTo("A story.");
        assertThat(model.told(1).content())
                .isEqualTo("Go\n\nYour previous output:\nToo long a story.\n\nFeedback from reviewer:\nshorter");
    }

    @Test
    void theStepsAfterASkippedOutputDoNotSeeIt() throws Exception {
        for (var step : kinds(each -> each.review("Is it good?").onReject(OnReject.SKIP))
                .toList()) {
            var workflow = workflow(
                    step,
                    Step.of(
                            "last",
                            input -> StepOutput.of(
                                    input.text() + ", " + (step instanceof Step || input.output("inner") == null))));
            var output = answer(workflow, workflow.run("Go"), id -> Decision.reject(id, "no"));
            assertThat(output.text()).as(step.name()).isEqualTo("Go, true");
            assertThat(output.steps().getFirst().error()).isEqualTo("Its output was not accepted: no");
        }
    }

    @Test
    void oneRejectionMoreThanThereAreRetriesCancelsTheRun() throws Exception {
        var workflow = workflow(noting("inner").review("Is it good?").reviewRetries(1), noting("last"));
        var again = answer(workflow, workflow.run("Go"), Decision::reject);
        var output = answer(workflow, again, Decision::reject);
        assertThat(output.status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(Objects.requireNonNull(output.cause()).reason())
                .isEqualTo("the output of step \"inner\" was rejected 2 times.");
        assertThat(done).containsExactly("inner", "inner");
    }

    @Test
    void onlyOutputsThatTheCheckSelectsAreReviewed() throws Exception {
        var workflow = workflow(noting("a").reviewIf(output -> output.content().length() > 3, "Is it good?"));
        assertThat(workflow.run("Go").status()).isEqualTo(RunStatus.COMPLETED);
        var long1 =
                workflow(noting("long name").reviewIf(output -> output.content().length() > 3, "Is it good?"));
        assertThat(asked(long1.run("Go")).kind()).isEqualTo(Requirement.Kind.REVIEW);
        var failing = workflow(noting("a")
                .reviewIf(
                        _ -> {
                            throw new IllegalStateException("no luck");
                        },
                        "Is it good?"));
        assertThat(failing.run("Go").status()).isEqualTo(RunStatus.ERROR);
    }

    @Test
    void theEventsOfAReview() throws Exception {
        var workflow = workflow(noting("inner").confirm("May it?").review("Is it good?"));
        var run = workflow.start("Go");
        Events.end(run);
        workflow.continueRun(run.id(), Decision.confirm(asked(run.output()).id()));
        Events.end(run);
        workflow.continueRun(run.id(), Decision.reject(asked(run.output()).id()));
        Events.end(run);
        workflow.continueRun(run.id(), Decision.confirm(asked(run.output()).id()));
        Events.end(run);
        assertThat(Events.names(run))
                .containsExactly(
                        "WorkflowStarted",
                        "StepPaused",
                        "WorkflowPaused",
                        "StepContinued",
                        "StepStarted",
                        "StepOutput",
                        "StepCompleted",
                        "StepOutputReview",
                        "WorkflowPaused",
                        "StepContinued",
                        "StepStarted",
                        "StepOutput",
                        "StepCompleted",
                        "StepOutputReview",
                        "WorkflowPaused",
                        "StepContinued",
                        "WorkflowCompleted");
    }

    @Test
    void aStepThatEndsTheWorkflowIsReviewedFirst() throws Exception {
        var workflow =
                workflow(Step.of("check", _ -> StepOutput.stopWith("over")).review("Is it good?"), noting("last"));
        assertThat(answer(workflow, workflow.run("Go"), Decision::confirm).text())
                .isEqualTo("over");
        assertThat(done).isEmpty();
    }

    @Test
    void aBranchInReviewLetsTheOthersFinishAndTheOuterReviewComesLast() throws Exception {
        var workflow = workflow(Parallel.of("both", noting("a").review("Is a good?"), noting("b"))
                .review("Are both good?"));
        var paused = workflow.run("Go");
        assertThat(asked(paused).message()).isEqualTo("Is a good?");
        assertThat(done).containsExactlyInAnyOrder("a", "b");
        var outer = answer(workflow, paused, Decision::confirm);
        assertThat(asked(outer).message()).isEqualTo("Are both good?");
        var again = answer(workflow, outer, Decision::reject);
        assertThat(asked(again).message()).isEqualTo("Is a good?");
        assertThat(answer(workflow, answer(workflow, again, Decision::confirm), Decision::confirm)
                        .status())
                .isEqualTo(RunStatus.COMPLETED);
        assertThat(done).containsExactlyInAnyOrder("a", "b", "a", "b");
    }

    @Test
    void aRejectionInANestedWorkflowCancelsThatOneAndItsStepDecides() throws Exception {
        var inner = workflow(noting("inner").confirm("May it?").onReject(OnReject.CANCEL));
        var failing = workflow(Step.of("nested", inner), noting("last"));
        var output = answer(failing, failing.run("Go"), Decision::reject);
        assertThat(output.status()).isEqualTo(RunStatus.ERROR);
        var skipping = workflow(Step.of("nested", inner).onCancelled(OnError.SKIP), noting("last"));
        assertThat(answer(skipping, skipping.run("Go"), Decision::reject).status())
                .isEqualTo(RunStatus.COMPLETED);
        assertThat(done).containsExactly("last");
    }

    // ---- time

    @ParameterizedTest
    @EnumSource
    void whenNobodyConfirmsInTimeTheOutcomeTakesEffect(OnTimeout outcome) {
        var workflow = workflow(noting("inner").confirm("May it?").reviewTimeout(SOON, outcome), noting("last"));
        var run = workflow.start("Go");
        var output = ended(run);
        switch (outcome) {
            case APPROVE -> assertThat(done).containsExactly("inner", "last");
            case SKIP -> {
                assertThat(done).containsExactly("last");
                assertThat(output.steps().getFirst().error())
                        .isEqualTo("It was not allowed: nobody decided within 20 ms");
            }
            case CANCEL -> {
                assertThat(done).isEmpty();
                assertThat(output.status()).isEqualTo(RunStatus.CANCELLED);
                assertThat(Objects.requireNonNull(output.cause()).kind()).isEqualTo(CancelKind.DEADLINE);
            }
        }
        assertThat(Events.names(run)).contains("StepPaused", "WorkflowPaused", "StepContinued");
    }

    @ParameterizedTest
    @EnumSource
    void whenNobodyReviewsInTimeTheOutcomeTakesEffect(OnTimeout outcome) {
        var workflow = workflow(
                Parallel.of("both", noting("inner").review("Is it good?").reviewTimeout(SOON, outcome)),
                Step.of("last", input -> StepOutput.of(input.text())));
        var output = ended(workflow.start("Go"));
        switch (outcome) {
            case APPROVE -> assertThat(output.text()).contains("inner");
            case SKIP -> assertThat(output.text()).doesNotContain("inner");
            case CANCEL -> assertThat(output.status()).isEqualTo(RunStatus.CANCELLED);
        }
    }

    private static RunOutput ended(RunHandle run) {
        Awaitility.await().until(() -> run.status().isTerminal());
        return run.output();
    }

    @Test
    void aDecisionInTimeIsNotUndoneByTheTime() throws Exception {
        var gate = new Gate();
        var workflow = workflow(Step.of("slow", _ -> {
                    gate.pass();
                    return StepOutput.of("done");
                })
                .confirm("May it?")
                .reviewTimeout(Duration.ofDays(20_000), OnTimeout.CANCEL));
        var paused = workflow.run("Go");
        var run = workflow.continueRun(
                paused.runId(), Decision.confirm(asked(paused).id()));
        gate.awaitReached();
        gate.open();
        assertThat(Events.end(run).text()).isEqualTo("done");
    }

    // ---- stops

    @ParameterizedTest
    @EnumSource
    void aStopDuringAReviewIsAtOnceAndFinal(CancelMode mode) throws Exception {
        var workflow = workflow(
                noting("inner").review("Is it good?").reviewTimeout(Duration.ofDays(1), OnTimeout.APPROVE),
                noting("last"));
        var paused = workflow.run("Go");
        var run = Runs.shared().handle(paused.runId()).orElseThrow();
        assertThat(run.cancel(CancelRequest.of(mode)).stopping()).isTrue();
        assertThatThrownBy(() -> workflow.continueRun(
                        paused.runId(), Decision.confirm(asked(paused).id())))
                .isInstanceOf(RunRejectedException.class);
        var output = Events.end(run);
        assertThat(output.status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(output.text()).isEqualTo("inner");
        assertThat(output.steps().getFirst().content()).isEqualTo("inner");
        assertThat(done).containsExactly("inner");
    }

    @Test
    void aStopInTheCheckOfAReviewInterruptsIt() throws Exception {
        var gate = new Gate();
        var workflow = workflow(noting("inner")
                .reviewIf(
                        _ -> {
                            gate.pass();
                            return true;
                        },
                        "Is it good?"));
        var run = workflow.start("Go");
        gate.awaitReached();
        run.cancel();
        assertThat(Events.end(run).status()).isEqualTo(RunStatus.CANCELLED);
    }

    // ---- what does not fit

    static Stream<WorkflowStep> misfits() {
        var step = Step.of("a", input -> StepOutput.of(input.text()));
        return Stream.of(
                step.onReject(OnReject.SKIP),
                step.confirm("May it?").onReject(OnReject.RETRY),
                step.confirm("May it?").onReject(OnReject.ELSE_BRANCH),
                Condition.of("if", _ -> true, step).review("Good?").onReject(OnReject.ELSE_BRANCH),
                step.reviewTimeout(SOON, OnTimeout.SKIP),
                step.userInput("Which?", "seat").reviewTimeout(SOON, OnTimeout.APPROVE),
                Router.asking("way", "Which?", step).reviewTimeout(SOON, OnTimeout.APPROVE),
                Steps.of("all", step.onReject(OnReject.SKIP)));
    }

    @ParameterizedTest
    @MethodSource("misfits")
    void settingsThatDoNotFitTheQuestionsAreRejected(WorkflowStep step) {
        assertThatThrownBy(() -> Workflow.builder().steps(step).build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(step instanceof Steps ? "step \"a\"" : "step \"" + step.name() + "\"");
    }

    @Test
    void aTimedOutDecisionIsNoAnswer() throws Exception {
        var workflow = workflow(noting("inner").review("Is it good?"));
        var paused = workflow.run("Go");
        var id = asked(paused).id();
        assertThatThrownBy(() -> workflow.continueRun(
                        paused.runId(), new Decision(id, Decision.Action.TIMED_OUT, null, Map.of(), null, List.of())))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(asked(paused).terms()).extracting(Requirement.Terms::step).isEqualTo(StepKind.FUNCTION);
    }
}
