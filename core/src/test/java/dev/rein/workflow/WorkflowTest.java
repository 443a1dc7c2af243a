package dev.rein.workflow;

import static dev.rein.agent.TestModel.fails;
import static dev.rein.agent.TestModel.says;
import static dev.rein.agent.TestModel.saysAndHangs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rein.agent.Agent;
import dev.rein.agent.Events;
import dev.rein.agent.Gate;
import dev.rein.agent.TestModel;
import dev.rein.agent.TestTools;
import dev.rein.cancel.CancelKind;
import dev.rein.cancel.CancelMode;
import dev.rein.cancel.CancelRequest;
import dev.rein.model.ModelException;
import dev.rein.model.Usage;
import dev.rein.run.RunOutput;
import dev.rein.run.RunStatus;
import dev.rein.run.StepKind;
import dev.rein.run.StepOutput;
import dev.rein.run.event.RunEvent;
import dev.rein.run.event.StepError;
import dev.rein.run.event.StepProgress;
import dev.rein.run.event.WorkflowCancelled;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WorkflowTest {

    private static Agent agent(String name, TestModel.Turn... turns) {
        return Agent.builder().name(name).model(TestModel.of(turns)).build();
    }

    private static Step text(String name, String content) {
        return Step.of(name, _ -> StepOutput.of(content));
    }

    /** A null from a caller without null checks. */
    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
    private static <T> T noValue() {
        return null;
    }

    private static Workflow of(WorkflowStep... steps) {
        return Workflow.builder().name("Flow").steps(steps).build();
    }

    private static List<RunEvent> events(Workflow workflow, String input) {
        try (var stream = workflow.stream(input)) {
            return Events.rest(stream);
        }
    }

    @Test
    void twoAgentStepsHandTheirTextOnAndShowTheEventsOfTheWireContract() {
        var writer = TestModel.of(says("An ", "article."));
        var workflow = of(
                Step.of("research", agent("Researcher", says("Facts."))),
                Step.of("writing", Agent.builder().name("Writer").model(writer).build()));

        try (var stream = workflow.stream("Dragons")) {
            var events = Events.rest(stream);
            assertThat(Events.names(events))
                    .containsExactly(
                            "WorkflowStarted",
                            "StepStarted",
                            "RunStarted",
                            "ModelRequestStarted",
                            "RunContent",
                            "ModelRequestCompleted",
                            "RunContentCompleted",
                            "RunCompleted",
                            "StepCompleted",
                            "StepStarted",
                            "RunStarted",
                            "ModelRequestStarted",
                            "RunContent",
                            "RunContent",
                            "ModelRequestCompleted",
                            "RunContentCompleted",
                            "RunCompleted",
                            "StepCompleted",
                            "WorkflowCompleted");
            assertThat(events.stream().map(RunEvent::index)).isSorted().doesNotHaveDuplicates();
            var inWriting = events.get(12);
            assertThat(Objects.requireNonNull(inWriting.inStep()).stepName()).isEqualTo("writing");
            assertThat(inWriting.parentRunId()).isEqualTo(stream.runId());

            var output = stream.output();
            assertThat(output.status()).isEqualTo(RunStatus.COMPLETED);
            assertThat(output.text()).isEqualTo("An article.");
            assertThat(output.steps()).extracting(StepOutput::stepName).containsExactly("research", "writing");
            assertThat(output.steps()).extracting(StepOutput::kind).containsOnly(StepKind.AGENT);
            assertThat(output.memberResponses()).extracting(RunOutput::text).containsExactly("Facts.", "An article.");
        }
        assertThat(writer.told(0).content()).isEqualTo("Facts.");
    }

    @Test
    void theMetricsTellWhatTheWholeTreeUsed() {
        var priced = TestModel.of(TestModel.counted(Usage.of(10, 5), says("x"))).priced(1_000_000, 2_000_000);
        var workflow = of(Parallel.of("both", Step.of("a", Agent.of(priced, "")), Step.of("b", Agent.of(priced, ""))));
        var metrics = workflow.run("Go").metrics();
        assertThat(metrics.usage().totalTokens()).isZero();
        assertThat(metrics.totalUsage()).isEqualTo(Usage.of(20, 10));
        assertThat(metrics.totalCost()).isEqualTo(40.0);
        assertThat(of(Step.of("a", agent("A", says("x")))).run("Go").metrics().totalCost())
                .as("without a price")
                .isNull();
    }

    @Test
    void aFunctionStepShowsItsResultAndItsProgress() {
        var workflow = of(Step.of("count", input -> {
            input.progress("half", Map.of("done", 1));
            return StepOutput.of(input.text() + "!");
        }));

        var events = events(workflow, "Go");

        assertThat(Events.names(events))
                .containsExactly(
                        "WorkflowStarted",
                        "StepStarted",
                        "StepProgress",
                        "StepOutput",
                        "StepCompleted",
                        "WorkflowCompleted");
        assertThat(Events.only(StepProgress.class, events).getFirst().data()).containsEntry("done", 1);
    }

    @Test
    void anEarlyStopEndsTheWorkflowCompletedAndItsStepIsNotShownAsCompleted() {
        var later = new AtomicInteger();
        var workflow = of(
                Steps.of("inner", Step.of("decide", _ -> StepOutput.stopWith("Enough.")), text("never", "no")),
                Step.of("later", _ -> StepOutput.of("" + later.incrementAndGet())));

        var events = events(workflow, "Go");

        assertThat(Events.names(events))
                .containsExactly(
                        "WorkflowStarted",
                        "StepsExecutionStarted",
                        "StepStarted",
                        "StepOutput",
                        "StepsExecutionCompleted",
                        "WorkflowCompleted");
        assertThat(later).hasValue(0);
        assertThat(workflow.run("Go").text()).isEqualTo("Enough.");
    }

    @Test
    void aFailingStepFailsTheWorkflowUnlessItIsSkipped() {
        var broken = Step.of("broken", _ -> {
            throw new IllegalStateException("no luck");
        });
        var events = events(of(broken, text("after", "x")), "Go");
        assertThat(Events.names(events))
                .containsExactly("WorkflowStarted", "StepStarted", "StepError", "WorkflowError");

        var failed = of(broken, text("after", "x")).run("Go");
        assertThat(failed.status()).isEqualTo(RunStatus.ERROR);
        assertThat(Objects.requireNonNull(failed.failure()).message())
                .isEqualTo("step \"broken\" failed: IllegalStateException: no luck");
        assertThat(failed.steps().getFirst().error()).contains("no luck");

        var skipped = of(broken.onError(OnError.SKIP), text("after", "x")).run("Go");
        assertThat(skipped.status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(skipped.text()).isEqualTo("x");
        assertThat(skipped.steps().getFirst().success()).isFalse();
    }

    @Test
    void aStepIsTriedAgainAsOftenAsItMay() {
        var tries = new AtomicInteger();
        var step = Step.of("flaky", _ -> {
            if (tries.incrementAndGet() < 3) {
                throw new IllegalStateException("try " + tries);
            }
            return StepOutput.of("done");
        });
        var workflow =
                of(step.retry(new dev.rein.runtime.RetryPolicy(2, Duration.ofMillis(1), 1, Duration.ofMillis(1))));

        var events = events(workflow, "Go");

        assertThat(Events.only(StepError.class, events))
                .extracting(StepError::attempt)
                .containsExactly(1, 2);
        assertThat(Events.only(StepError.class, events)).allMatch(StepError::retried);
        assertThat(tries).hasValue(3);
    }

    @Test
    void anAgentThatFailsIsAStepThatFails() {
        var workflow = of(Step.of("ask", agent("A", fails(ModelException.Kind.BAD_REQUEST, "bad"))));
        var output = workflow.run("Go");
        assertThat(output.status()).isEqualTo(RunStatus.ERROR);
        assertThat(Objects.requireNonNull(output.failure()).message())
                .contains("ask")
                .contains("bad");
    }

    @Test
    void aStepThatTakesTooLongFails() {
        var gate = new Gate();
        var workflow = of(Step.of("slow", _ -> {
                    gate.pass();
                    return StepOutput.of("late");
                })
                .timeout(Duration.ofMillis(30)));
        var output = workflow.run("Go");
        assertThat(output.status()).isEqualTo(RunStatus.ERROR);
        assertThat(Objects.requireNonNull(output.failure()).message()).contains("did not end within 30 ms");
    }

    @Test
    void branchesGoOnAtTheSameTimeAndTheirStatesAreMergedInOrder() {
        var together = new CyclicBarrier(2);
        var workflow = of(Parallel.of(
                "both",
                Step.of("one", input -> {
                    together.await();
                    input.sessionState().put("one", 1);
                    input.sessionState().put("last", "one");
                    assertThat(input.sessionState()).doesNotContainKey("two");
                    return StepOutput.of("1");
                }),
                Step.of("two", input -> {
                    together.await();
                    input.sessionState().put("two", 2);
                    input.sessionState().put("last", "two");
                    return StepOutput.of("2");
                })));

        for (var i = 0; i < 20; i++) {
            var output = workflow.run("Go");
            assertThat(output.text()).isEqualTo("one:\n1\n\ntwo:\n2");
            assertThat(output.sessionState())
                    .containsExactlyInAnyOrderEntriesOf(Map.of("one", 1, "two", 2, "last", "two"));
            assertThat(output.stateConflicts())
                    .containsExactly("last: branch two set it to two, which was kept, and branch one to one");
        }
    }

    @Test
    void branchesMayBeginAndEndWhileOthersAreStillBeingStarted() {
        var parts = IntStream.range(0, 500)
                .mapToObj(i -> text("branch " + i, "done"))
                .toArray(WorkflowStep[]::new);
        var workflow = of(Parallel.of("many", parts));
        for (var i = 0; i < 20; i++) {
            var output = workflow.run("Go");
            assertThat(output.failure()).isNull();
            assertThat(output.steps().getFirst().steps()).hasSize(500).allMatch(StepOutput::success);
        }
    }

    @Test
    void aBranchThatFailsStopsItsSiblings() throws Exception {
        var waiting = new Gate();
        var model = TestModel.of(saysAndHangs("Half a "));
        var workflow = of(Parallel.of(
                "both",
                Step.of("good", Agent.builder().name("Good").model(model).build()),
                Step.of("bad", _ -> {
                    waiting.pass();
                    throw new IllegalStateException("no luck");
                })));
        var run = workflow.start("Go");
        model.awaitRequests(1);
        waiting.open();
        var output = Events.end(run);

        assertThat(output.status()).isEqualTo(RunStatus.ERROR);
        assertThat(Objects.requireNonNull(output.failure()).message()).contains("\"bad\" failed");
        var good = output.memberResponses().getFirst();
        assertThat(good.status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(Objects.requireNonNull(good.cause()).kind()).isEqualTo(CancelKind.SIBLING);
    }

    @Test
    void aLoopEndsWhenItsConditionHoldsAndForwardsItsOutput() {
        var workflow = of(
                text("begin", "x"),
                Loop.of("grow", Step.of("add", input -> StepOutput.of(input.text() + "x")))
                        .maxIterations(10)
                        .forwardOutput(true)
                        .until(results -> results.getLast().content().length() >= 4));

        var events = events(workflow, "Go");

        assertThat(Events.names(events))
                .filteredOn(name -> name.startsWith("Loop"))
                .containsExactly(
                        "LoopExecutionStarted",
                        "LoopIterationStarted",
                        "LoopIterationCompleted",
                        "LoopIterationStarted",
                        "LoopIterationCompleted",
                        "LoopIterationStarted",
                        "LoopIterationCompleted",
                        "LoopExecutionCompleted");
        assertThat(workflow.run("Go").text()).isEqualTo("xxxx");
    }

    @Test
    void aStepThatStopsItsWorkflowEndsTheLoopAroundItInItsFirstIteration() {
        var decided = new AtomicInteger();
        var workflow = of(
                Loop.of(
                                "again",
                                Step.of("decide", _ -> {
                                    decided.incrementAndGet();
                                    return StepOutput.stopWith("Enough.");
                                }),
                                text("after", "never"))
                        .maxIterations(5),
                text("last", "never"));

        var events = events(workflow, "Go");

        assertThat(decided).hasValue(1);
        assertThat(Events.names(events))
                .filteredOn(name -> name.startsWith("LoopIteration"))
                .containsExactly("LoopIterationStarted", "LoopIterationCompleted");
        var output = workflow.run("Go");
        assertThat(output.isCompleted()).isTrue();
        assertThat(output.text()).isEqualTo("Enough.");
    }

    @Test
    void aConditionTakesOneWayOrTheOther() {
        var workflow = of(Condition.of("long?", input -> input.text().length() > 3, text("shorten", "short"))
                .otherwise(text("keep", "kept")));
        assertThat(workflow.run("A long text").text()).isEqualTo("short");
        assertThat(workflow.run("A").text()).isEqualTo("kept");
    }

    @Test
    void aRouterTakesTheStepsThatItsFunctionNames() {
        var workflow = of(Router.of("topic", _ -> List.of("b", "a"), text("a", "A"), text("b", "B"), text("c", "C")));
        var output = workflow.run("Go");
        assertThat(output.text()).isEqualTo("A");
        assertThat(output.steps().getFirst().steps())
                .extracting(StepOutput::content)
                .containsExactly("B", "A");
    }

    @Test
    void wrongUseIsAClearError() {
        assertThatThrownBy(() -> Workflow.builder().name("Empty").build())
                .hasMessage("workflow \"Empty\" has no steps: call steps(..) before build()");
        assertThatThrownBy(() -> text("a", "").onError(noValue()))
                .hasMessageContaining("onError of step \"a\" is null");
        assertThatThrownBy(() -> text("a", "").retry(noValue())).hasMessageContaining("retry of step \"a\" is null");
        assertThatThrownBy(() -> Loop.of("l", text("a", "")).until(noValue()))
                .hasMessageContaining("until of Loop \"l\" is null");
        assertThatThrownBy(() -> Condition.of("c", noValue(), text("a", "")))
                .hasMessageContaining("test of Condition \"c\" is null");
        assertThatThrownBy(() -> Router.of("r", noValue(), text("a", ""))).hasMessageContaining("choice is null");
        assertThatThrownBy(() -> Parallel.of("none")).hasMessageContaining("has no steps");
        assertThatThrownBy(() -> of(text("a", "1"), Steps.of("s", text("a", "2"))))
                .hasMessageContaining("two steps named \"a\"");
        assertThatThrownBy(() -> Loop.of("l", text("a", "1")).maxIterations(0))
                .hasMessage("maxIterations of Loop \"l\" is 0: give 1 to 1000");

        assertThat(failure(of(Step.of("null", _ -> null))))
                .isEqualTo("step \"null\" failed: its function returned null: return StepOutput.of(..)");
        assertThat(failure(of(Condition.of(
                        "c",
                        _ -> {
                            throw new IllegalStateException("oops");
                        },
                        text("a", "1")))))
                .isEqualTo("step \"c\" failed: IllegalStateException: oops");
        assertThat(failure(of(Router.of("r", _ -> List.of("z"), text("a", "1")))))
                .isEqualTo("step \"r\" failed: it chose \"z\"; its choices are [a]");
        assertThat(failure(of(Router.of("r", _ -> null, text("a", "1"))))).contains("chose null");
    }

    private static String failure(Workflow workflow) {
        return Objects.requireNonNull(workflow.run("Go").failure()).message();
    }

    @Test
    void aStopEndsTheRunningStepKeepsWhatIsDoneAndStartsNothing() throws Exception {
        var later = new AtomicInteger();
        var workflow = of(
                text("first", "done"),
                Step.of("second", agent("Writer", saysAndHangs("Half a ", "story"))),
                Step.of("third", _ -> StepOutput.of("" + later.incrementAndGet())));
        try (var stream = workflow.stream("Go")) {
            for (var event : stream) {
                if (event instanceof dev.rein.run.event.RunContent content
                        && content.content().equals("story")) {
                    assertThat(workflow.cancelRun(stream.runId())).isTrue();
                }
                if (event instanceof WorkflowCancelled cancelled) {
                    assertThat(cancelled.isRoot()).isTrue();
                    assertThat(cancelled.content()).isEqualTo("Half a story");
                }
            }
            var output = stream.output();
            assertThat(output.status()).isEqualTo(RunStatus.CANCELLED);
            assertThat(output.text()).isEqualTo("Half a story");
            assertThat(output.steps()).extracting(StepOutput::content).containsExactly("done", "Half a story");
            assertThat(output.steps()).extracting(StepOutput::success).containsExactly(true, false);
        }
        assertThat(later).hasValue(0);
    }

    @Test
    void afterStepLetsTheRunningStepFinishAndStartsNoFurther() throws Exception {
        var gate = new Gate();
        var third = new AtomicInteger();
        var model = TestModel.of((_, call) -> {
            gate.pass();
            call.text("all of it");
            return dev.rein.model.ModelResponse.of("all of it");
        });
        var workflow = of(
                text("1", "x"),
                Step.of("2", Agent.builder().name("A").model(model).build()),
                Step.of("3", _ -> StepOutput.of("" + third.incrementAndGet())));
        var run = workflow.start("Go");
        gate.awaitReached();
        run.cancel(CancelRequest.of(CancelMode.AFTER_STEP));
        gate.open();

        var output = Events.end(run);
        assertThat(output.status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(output.steps()).extracting(StepOutput::content).containsExactly("x", "all of it");
        assertThat(output.steps()).allMatch(StepOutput::success);
        assertThat(third).hasValue(0);
    }

    @Test
    void afterStepSparesAllTurnsOfTheAgentThatExecutesTheStep() throws Exception {
        var gate = new Gate();
        var worker = Agent.builder()
                .name("Worker")
                .model(TestModel.of(TestModel.calls("dig"), TestModel.calls("dig"), says("Dug.")))
                .tools(TestTools.waits("dig", gate))
                .build();
        var later = new AtomicInteger();
        var nested =
                of(Step.of("dig", worker), Step.of("nested later", _ -> StepOutput.of("" + later.incrementAndGet())));
        var run = Workflow.builder()
                .name("Outer")
                .steps(Step.of("nested", nested), Step.of("later", _ -> StepOutput.of("" + later.incrementAndGet())))
                .build()
                .start("Go");
        gate.awaitReached();
        run.cancel(CancelRequest.of(CancelMode.AFTER_STEP));
        gate.open();

        var output = Events.end(run);
        assertThat(output.status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(later).hasValue(0);
        var inner = output.memberResponses().getFirst();
        assertThat(inner.status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(inner.memberResponses().getFirst().status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(output.text()).isEqualTo("Dug.");
    }

    @Test
    void afterStepInTheLastStepLeavesNothingOut() throws Exception {
        var gate = new Gate();
        var run = of(Step.of("only", _ -> {
                    gate.pass();
                    return StepOutput.of("done");
                }))
                .start("Go");
        gate.awaitReached();
        run.cancel(CancelRequest.of(CancelMode.AFTER_STEP));
        gate.open();
        assertThat(Events.end(run).status()).isEqualTo(RunStatus.COMPLETED);
    }

    @Test
    void theFlowCanBeDrawn() {
        var drawing = of(
                        text("a", ""),
                        Parallel.of("p", text("b", ""), text("c", "")),
                        Loop.of("l", text("d", "")),
                        Condition.of("q?", _ -> true, text("e", "")))
                .toMermaid();
        assertThat(drawing)
                .startsWith("flowchart TD\n")
                .contains("n0[[\"a\"]]")
                .contains("|\"yes\"|")
                .contains("|\"no\"| finish");
    }
}
