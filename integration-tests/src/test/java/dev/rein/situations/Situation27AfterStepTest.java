package dev.rein.situations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.agent.Agent;
import dev.rein.cancel.CancelKind;
import dev.rein.cancel.CancelMode;
import dev.rein.cancel.CancelRequest;
import dev.rein.run.RunOutput;
import dev.rein.run.RunStatus;
import dev.rein.run.StepOutput;
import dev.rein.run.event.StepCompleted;
import dev.rein.session.InMemorySessionStore;
import dev.rein.testkit.Exchange;
import dev.rein.testkit.FakeProvider;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import dev.rein.workflow.Loop;
import dev.rein.workflow.Parallel;
import dev.rein.workflow.Step;
import dev.rein.workflow.Steps;
import dev.rein.workflow.Workflow;
import dev.rein.workflow.WorkflowStep;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class Situation27AfterStepTest {
    /** Who executes the step that the stop comes in; each says "all of it" when it may go on. */
    enum Executor {
        AGENT,
        TEAM,
        FUNCTION
    }

    private final FakeProvider provider =
            FakeProvider.start().byDefault(Script.text("all of it").hangAfter(2));
    private final InMemorySessionStore store = new InMemorySessionStore();
    private final Gate gate = new Gate();
    private final AtomicInteger later = new AtomicInteger();

    @AfterEach
    void close() {
        provider.close();
    }

    static Stream<Arguments> places() {
        return Stream.of(Composite.values())
                .flatMap(composite -> Stream.of(Executor.values())
                        .flatMap(who -> Stream.of(Form.values()).map(form -> Arguments.of(composite, who, form))));
    }

    private Agent writer() {
        return Teams.member("Writer", Api.CHAT.at(provider));
    }

    private Step running(Executor who) {
        return switch (who) {
            case AGENT -> Step.of("running", writer());
            case TEAM -> {
                var leader = ScriptedModel.of(Teams.delegates("writer"), Script.text("all of it"));
                yield Step.of("running", Teams.of("Team", leader, writer()).build());
            }
            case FUNCTION ->
                Step.of("running", _ -> {
                    gate.pass();
                    return StepOutput.of("all of it");
                });
        };
    }

    private Step later(String name) {
        return Step.of(name, _ -> StepOutput.of("later " + later.incrementAndGet()));
    }

    private static Step first() {
        return Step.of("first", _ -> StepOutput.of("first"));
    }

    private Workflow workflow(WorkflowStep... steps) {
        return Workflow.builder()
                .name("Flow")
                .store(store)
                .storeWait(Waiting.LONG)
                .steps(steps)
                .build();
    }

    /** Starts, stops after the step while that runs, and lets it go on. */
    private RunOutput stopped(Form form, Workflow workflow, Executor who) {
        var run = form.start(workflow, "Go");
        Runnable release;
        if (who == Executor.FUNCTION) {
            gate.awaitArrival();
            release = gate::open;
        } else {
            var exchange = provider.awaitRequest(1).awaitHanging();
            release = exchange::release;
        }
        if (workflow.steps().getFirst() instanceof Parallel) {
            // A branch that has not begun would be left out.
            run.awaitAny(event -> event instanceof StepCompleted done
                    && done.step().stepName().equals("beside"));
        }

        var told = run.cancel(CancelRequest.of(CancelMode.AFTER_STEP).grace(Waiting.NEVER));
        assertThat(told.effective()).isTrue();
        assertThat(told.note()).isNull();
        assertThat(run.isOver()).isFalse();
        release.run();

        run.end(Waiting.SOON);
        return RunInvariants.check(run, store);
    }

    private static void ranToItsEnd(RunOutput output, String step) {
        assertThat(Composite.results(output, step)).singleElement().satisfies(result -> {
            assertThat(result.success()).isTrue();
            assertThat(result.content()).isEqualTo("all of it");
        });
    }

    private static void cancelledAfterAStep(RunOutput output) {
        assertThat(output.status()).as("failure: %s", output.failure()).isEqualTo(RunStatus.CANCELLED);
        assertThat(output.effectiveMode()).isEqualTo(CancelMode.AFTER_STEP);
        assertThat(output.abandoned()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("places")
    void theRunningStepFinishesAndNoFurtherOneStarts(Composite composite, Executor who, Form form) {
        var steps = composite.around(first(), running(who), later("third"), later("fourth"));

        var output = stopped(form, workflow(steps.toArray(WorkflowStep[]::new)), who);

        cancelledAfterAStep(output);
        ranToItsEnd(output, "running");
        assertThat(Composite.results(output, "first")).singleElement().matches(StepOutput::success);
        assertThat(later).hasValue(0);
        assertThat(Composite.results(output, "third")).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("places")
    void whatTheRunningStepLeavesOutComesAfterTheComposite(Composite composite, Executor who, Form form) {
        var steps = composite.around(first(), running(who));
        var workflow = Workflow.builder()
                .name("Flow")
                .store(store)
                .storeWait(Waiting.LONG)
                .steps(steps.toArray(WorkflowStep[]::new))
                .steps(later("after"))
                .build();

        var output = stopped(form, workflow, who);

        cancelledAfterAStep(output);
        ranToItsEnd(output, "running");
        assertThat(later).hasValue(0);
    }

    @ParameterizedTest
    @MethodSource("places")
    void nothingIsLeftOutAfterTheLastStep(Composite composite, Executor who, Form form) {
        var steps = composite.around(first(), running(who));

        var output = stopped(form, workflow(steps.toArray(WorkflowStep[]::new)), who);

        assertThat(output.status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(output.requests()).hasSize(1);
        assertThat(output.text()).contains("all of it");
        ranToItsEnd(output, "running");
    }

    @ParameterizedTest
    @EnumSource
    void noFurtherIterationStarts(Form form) {
        var loop = Loop.of("loop", running(Executor.AGENT)).maxIterations(5);

        var output = stopped(form, workflow(loop), Executor.AGENT);

        cancelledAfterAStep(output);
        ranToItsEnd(output, "running");
        assertThat(provider.requestCount()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void theRunningStepOfEachBranchFinishes(Form form) {
        var one = Steps.of("one", Step.of("first of one", writer()), later("second of one"));
        var two = Steps.of("two", Step.of("first of two", writer()), later("second of two"));
        var nested = Step.of("three", workflow(Step.of("first of three", writer()), later("second of three")));
        var run = form.start(workflow(Parallel.of("all", one, two, nested), later("after")), "Go");
        for (var number = 1; number <= 3; number++) {
            provider.awaitRequest(number).awaitHanging();
        }

        run.cancel(CancelRequest.of(CancelMode.AFTER_STEP).grace(Waiting.NEVER));
        provider.exchanges().forEach(Exchange::release);

        run.end(Waiting.SOON);
        var output = RunInvariants.check(run, store);
        cancelledAfterAStep(output);
        for (var branch : new String[] {"one", "two", "three"}) {
            ranToItsEnd(output, "first of " + branch);
        }
        assertThat(later).hasValue(0);
    }

    @ParameterizedTest
    @EnumSource
    void aStepThatTakesTooLongIsStoppedForGood(Form form) {
        var run = form.start(workflow(running(Executor.AGENT), later("after")), "Go");
        var exchange = provider.awaitRequest(1).awaitHanging();

        run.cancel(CancelRequest.of(CancelMode.AFTER_STEP).grace(Waiting.NEVER).atMost(Duration.ofMillis(100)));

        exchange.awaitClosed(Waiting.SOON);
        var output = RunInvariants.checkCancelled(run, store);
        assertThat(output.effectiveMode()).isEqualTo(CancelMode.NOW);
        assertThat(later).hasValue(0);
    }

    // ---- the other graceful modes, with a member at work

    private RunOutput teamStopped(Form form, CancelMode mode, Script member, boolean released) {
        provider.enqueue(member);
        var leader = ScriptedModel.of(Teams.delegates("writer"), Script.text("never asked for"));
        var writer = Agent.builder()
                .name("Writer")
                .model(Api.CHAT.at(provider))
                .tools(Tools.waiting("look", gate))
                .build();
        var run = form.start(
                Teams.of("Team", leader, writer)
                        .store(store)
                        .storeWait(Waiting.LONG)
                        .build(),
                "Go");
        var exchange = provider.awaitRequest(1);
        if (released) {
            exchange.awaitHanging();
            Waiting.until("what was sent is delivered", () -> run.deliveredTimes("all of") == 1);
        } else {
            gate.awaitArrival();
        }
        run.cancel(CancelRequest.of(mode).grace(Waiting.NEVER));
        if (released) {
            exchange.release();
        }
        gate.open();

        run.end(Waiting.SOON);
        var output = RunInvariants.check(run, store);
        assertThat(output.isCancelled()).isTrue();
        assertThat(output.effectiveMode()).isEqualTo(mode);
        assertThat(leader.callsStarted()).isEqualTo(1);
        assertThat(output.tools())
                .singleElement()
                .satisfies(tool -> assertThat(tool.result()).isNotNull());
        return output.memberResponses().getFirst();
    }

    @ParameterizedTest
    @EnumSource
    void afterTurnLetsAMemberFinishItsAnswer(Form form) {
        var member = teamStopped(
                form, CancelMode.AFTER_TURN, Script.text("all of it").hangAfter(2), true);

        assertThat(member.isCompleted()).isTrue();
        assertThat(member.text()).isEqualTo("all of it");
    }

    @ParameterizedTest
    @EnumSource
    void afterTurnLetsAMemberFinishItsToolsAndNoMore(Form form) {
        var member = teamStopped(form, CancelMode.AFTER_TURN, Script.toolCall("look", "{}"), false);

        assertThat(member.isCancelled()).isTrue();
        assertThat(Objects.requireNonNull(member.cause()).kind()).isEqualTo(CancelKind.PARENT);
        assertThat(member.tools().getFirst().result()).isEqualTo("look is done");
        assertThat(provider.requestCount()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void afterToolsLetsTheToolsOfAMemberFinish(Form form) {
        var member = teamStopped(form, CancelMode.AFTER_TOOLS, Script.toolCall("look", "{}"), false);

        assertThat(member.isCancelled()).isTrue();
        assertThat(member.tools().getFirst().result()).isEqualTo("look is done");
        assertThat(provider.requestCount()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void afterToolsStopsTheAnswerOfAMemberAtOnce(Form form) {
        var member = teamStopped(
                form, CancelMode.AFTER_TOOLS, Script.text("all of it").hangAfter(2), true);

        assertThat(member.isCancelled()).isTrue();
        assertThat(member.text()).isEqualTo("all of");
    }
}
