package dev.rein.run;

import static dev.rein.agent.TestModel.calls;
import static dev.rein.agent.TestModel.hangs;
import static dev.rein.agent.TestModel.rateLimited;
import static dev.rein.agent.TestModel.says;
import static dev.rein.agent.TestModel.saysAndHangs;
import static dev.rein.agent.TestTools.tool;
import static dev.rein.agent.TestTools.waits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.rein.agent.Agent;
import dev.rein.agent.Events;
import dev.rein.agent.Gate;
import dev.rein.agent.TestModel;
import dev.rein.agent.TestTools;
import dev.rein.cancel.CancelKind;
import dev.rein.cancel.CancelMode;
import dev.rein.cancel.CancelRequest;
import dev.rein.model.ModelCall;
import dev.rein.run.CancelResult.Outcome;
import dev.rein.run.event.ModelRequestFailed;
import dev.rein.run.event.RunCancelled;
import dev.rein.runtime.RunOptions;
import dev.rein.runtime.Runs;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The work that each mode lets finish, and the results of requests. */
class CancelModesTest {
    private final Gate gate = new Gate();

    /** Delivers text, waits at the gate, and continues with the given turn. */
    private TestModel.Turn atTheGate(String before, TestModel.Turn after) {
        return (request, call) -> {
            call.text(before);
            waitFor(call);
            return after.respond(request, call);
        };
    }

    /** A wait that ends by a stop, but not by an interrupt. */
    private void waitFor(ModelCall call) throws InterruptedException {
        gate.pass();
        call.cancellation().throwIfCancelled();
    }

    // ---- AFTER_TOOLS

    @Test
    void afterToolsLetsTheRunningBatchFinishAndMakesNoFurtherRequest() throws Exception {
        var model = TestModel.of(calls("slow", "quick"), says("never"));
        var run = Agent.builder()
                .model(model)
                .tools(waits("slow", gate), tool("quick", context -> "quick done"))
                .build()
                .start("Go");
        gate.awaitReached();
        var result = run.cancel(CancelRequest.afterTools().reason("soon"));
        assertThat(result.outcome()).isEqualTo(Outcome.REQUESTED);
        assertThat(result.effectiveMode()).isEqualTo(CancelMode.AFTER_TOOLS);
        assertThat(run.status()).isEqualTo(RunStatus.CANCELLING);
        gate.open();

        var output = Events.end(run);
        assertThat(output.status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(output.effectiveMode()).isEqualTo(CancelMode.AFTER_TOOLS);
        assertThat(output.tools()).extracting(ToolExecution::result).containsExactly("slow done", "quick done");
        assertThat(Events.names(run)).endsWith("ToolCallCompleted", "ToolCallCompleted", "RunCancelled");
        assertThat(model.requests()).hasSize(1);
    }

    @Test
    void afterToolsStartsNoFurtherCallOfABatchThatIsExecutedInSequence() throws Exception {
        var model = TestModel.of(calls("slow", "never", "never"), says("never"));
        var started = new AtomicInteger();
        var run = Agent.builder()
                .model(model)
                .sequentialTools(true)
                .tools(waits("slow", gate), tool("never", context -> started.incrementAndGet()))
                .build()
                .start("Go");
        gate.awaitReached();
        run.cancel(CancelRequest.afterTools());
        gate.open();

        var output = Events.end(run);
        assertThat(output.status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(output.effectiveMode()).isEqualTo(CancelMode.AFTER_TOOLS);
        assertThat(started).hasValue(0);
        assertThat(model.requests()).hasSize(1);
        assertThat(output.tools()).extracting(ToolExecution::result).containsExactly("slow done");
        assertThat(output.messages().subList(2, 5))
                .satisfiesExactly(
                        done -> assertThat(done.content()).isEqualTo("slow done"),
                        left -> assertThat(left.content()).startsWith("Not started"),
                        left -> assertThat(left.content()).startsWith("Not started"));
    }

    @ParameterizedTest
    @EnumSource(
            value = CancelMode.class,
            names = {"AFTER_TURN", "AFTER_STEP"})
    void aStopAfterTheTurnExecutesTheWholeBatchInSequenceToo(CancelMode mode) throws Exception {
        var model = TestModel.of(calls("slow", "next"), says("never"));
        var run = Agent.builder()
                .model(model)
                .sequentialTools(true)
                .tools(waits("slow", gate), tool("next", context -> "next done"))
                .build()
                .start("Go");
        gate.awaitReached();
        run.cancel(CancelRequest.of(mode));
        gate.open();
        assertThat(Events.end(run).tools()).extracting(ToolExecution::result).containsExactly("slow done", "next done");
        assertThat(model.requests()).hasSize(1);
    }

    @Test
    void afterToolsStopsAResponseThatIsBeingStreamed() throws Exception {
        var model = TestModel.of(saysAndHangs("half"));
        var run = Agent.of(model, "").start("Go");
        model.awaitRequests(1);
        run.cancel(CancelRequest.afterTools());
        var output = Events.end(run);
        assertThat(output.isCancelled()).isTrue();
        assertThat(output.effectiveMode()).isEqualTo(CancelMode.AFTER_TOOLS);
    }

    @Test
    void nowKeepsTheResultsThatAreThereAndMarksTheOthers() throws Exception {
        var model = TestModel.of(calls("quick", "slow"), says("never"));
        var run = Agent.builder()
                .model(model)
                .tools(tool("quick", context -> "quick done"), waits("slow", gate))
                .build()
                .start("Go");
        try (var events = run.events()) {
            for (var event : events) {
                if (event.name().equals("ToolCallCompleted")) {
                    gate.awaitReached();
                    run.cancel();
                }
            }
        }
        var output = Events.end(run);
        assertThat(output.tools().getFirst().result()).isEqualTo("quick done");
        assertThat(output.tools().getLast().result()).isNull();
        var messages = output.messages();
        assertThat(messages.get(2).content()).isEqualTo("quick done");
        assertThat(messages.get(2).interrupted()).isFalse();
        assertThat(messages.get(3).content()).contains("Its effects are unknown");
        assertThat(messages.get(3).interrupted()).isTrue();
    }

    // ---- AFTER_TURN

    @Test
    void afterTurnLetsTheResponseAndItsBatchFinish() throws Exception {
        var model = TestModel.of(atTheGate("I will look. ", calls("look")), says("never"));
        var run = Agent.builder()
                .model(model)
                .tools(tool("look", context -> "looked"))
                .build()
                .start("Go");
        gate.awaitReached();
        run.cancel(CancelRequest.afterTurn());
        gate.open();
        var output = Events.end(run);
        assertThat(output.isCancelled()).isTrue();
        assertThat(output.effectiveMode()).isEqualTo(CancelMode.AFTER_TURN);
        assertThat(output.tools()).extracting(ToolExecution::result).containsExactly("looked");
        assertThat(model.requests()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(
            value = CancelMode.class,
            names = {"AFTER_TURN", "AFTER_STEP"})
    void aSoftStopThatLeavesNothingOutEndsCompleted(CancelMode mode) throws Exception {
        var run = Agent.of(
                        TestModel.of(atTheGate("Hel", (request, call) -> {
                            call.text("lo");
                            return says().respond(request, call);
                        })),
                        "")
                .start("Go");
        gate.awaitReached();
        run.cancel(CancelRequest.of(mode).reason("no hurry"));
        gate.open();
        var output = Events.end(run);
        assertThat(output.status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(output.text()).isEqualTo("Hello");
        assertThat(output.cause())
                .isNotNull()
                .satisfies(cause -> assertThat(cause.reason()).isEqualTo("no hurry"));
        assertThat(output.requests()).hasSize(1);
        assertThat(Events.names(run)).endsWith("RunCompleted");
    }

    @Test
    void afterTurnReachesASubAgentThatFinishesItsOwnTurnToo() throws Exception {
        var memberModel = TestModel.of(atTheGate("Let me see. ", calls("look")), says("never"));
        var member = Agent.builder()
                .model(memberModel)
                .tools(tool("look", context -> "looked"))
                .build();
        var model = TestModel.of(calls("ask"), says("never"));
        var run = Agent.builder()
                .model(model)
                .tools(tool("ask", context -> {
                    var output = member.run("Ask");
                    return output.status() + " " + output.effectiveMode();
                }))
                .build()
                .start("Go");
        gate.awaitReached();
        run.cancel(CancelRequest.afterTurn());
        gate.open();
        var output = Events.end(run);
        assertThat(output.isCancelled()).isTrue();
        assertThat(output.tools().getFirst().result()).isEqualTo("CANCELLED AFTER_TURN");
        assertThat(memberModel.requests()).hasSize(1);
        assertThat(model.requests()).hasSize(1);
        assertThat(Events.only(RunCancelled.class, Events.of(run))
                        .getFirst()
                        .cause()
                        .kind())
                .isEqualTo(CancelKind.PARENT);
    }

    @Test
    void afterTurnInABackOffStopsAtOnce() throws Exception {
        var model = TestModel.of(rateLimited(Duration.ofMinutes(1)), says("never"));
        var run = Agent.of(model, "").start("Go");
        try (var events = run.events()) {
            for (var event : events) {
                if (event instanceof ModelRequestFailed) {
                    run.cancel(CancelRequest.afterTurn());
                }
            }
        }
        assertThat(Events.end(run).isCancelled()).isTrue();
        assertThat(model.requests()).hasSize(1);
    }

    @Test
    void afterTurnOfARunThatWasAboutToStartLeavesEverythingOut() throws Exception {
        var id = UUID.randomUUID().toString();
        Runs.shared().cancel(id, CancelRequest.afterTurn());
        var model = TestModel.of(says("never"));
        var output = Agent.of(model, "").run("Go", RunOptions.defaults().runId(id));
        assertThat(output.isCancelled()).isTrue();
        assertThat(model.requests()).isEmpty();
    }

    // ---- AFTER_STEP

    @Test
    void afterStepOutsideAWorkflowSaysThatItMeansAfterTurn() throws Exception {
        var model = TestModel.of(hangs());
        var run = Agent.of(model, "").start("Go");
        model.awaitRequests(1);
        assertThat(run.cancel(CancelRequest.afterStep()).note())
                .isEqualTo("outside a workflow AFTER_STEP means AFTER_TURN");
        assertThat(run.cancel(CancelRequest.afterTurn()).note()).isNull();
        run.cancel();
        Events.end(run);
    }

    // ---- changing one's mind

    @Test
    void aStrongerModeUpgradesAndTheCauseStaysThatOfTheFirst() throws Exception {
        var model = TestModel.of(hangs());
        var run = Agent.of(model, "").start("Go");
        model.awaitRequests(1);
        var first = CancelRequest.afterTurn().reason("first").actor("a");
        var second = CancelRequest.now().reason("second").actor("b").kind(CancelKind.BUDGET);
        var before = run.cancel(first);
        var upgraded = run.cancel(second);
        assertThat(before.outcome()).isEqualTo(Outcome.REQUESTED);
        assertThat(upgraded.outcome()).isEqualTo(Outcome.UPGRADED);
        assertThat(upgraded.effectiveMode()).isEqualTo(CancelMode.NOW);
        assertThat(upgraded.effective()).isTrue();
        assertThat(upgraded.stopping()).isTrue();

        var output = Events.end(run);
        assertThat(output.effectiveMode()).isEqualTo(CancelMode.NOW);
        assertThat(output.requests()).containsExactly(first, second);
        assertThat(output.cause()).isEqualTo(before.cause()).isEqualTo(upgraded.cause());
        var cause = Objects.requireNonNull(output.cause());
        assertThat(cause.kind()).isEqualTo(CancelKind.USER);
        assertThat(cause.reason()).isEqualTo("first");
        assertThat(cause.actor()).isEqualTo("a");
    }

    @Test
    void aStrongerModeBringsItsOwnGrace() throws Exception {
        var run = Agent.builder()
                .model(TestModel.of(calls("deaf")))
                .tools(TestTools.deaf("deaf", gate))
                .build()
                .start("Go");
        gate.awaitReached();
        try {
            run.cancel(CancelRequest.afterTools().grace(Duration.ofHours(1)));
            assertThat(run.cancel(CancelRequest.now().grace(Duration.ofMillis(200)))
                            .outcome())
                    .isEqualTo(Outcome.UPGRADED);
            assertThat(Events.end(run).abandoned())
                    .as("left behind long before the first grace was over")
                    .hasSize(1);
        } finally {
            gate.open();
        }
    }

    @Test
    void aWeakerModeChangesNothingButIsListed() throws Exception {
        var model = TestModel.of(calls("slow"));
        var run =
                Agent.builder().model(model).tools(waits("slow", gate)).build().start("Go");
        gate.awaitReached();
        run.cancel(CancelRequest.afterTools());
        var result = run.cancel(CancelRequest.afterTurn());
        assertThat(result.outcome()).isEqualTo(Outcome.ALREADY_REQUESTED);
        assertThat(result.effectiveMode()).isEqualTo(CancelMode.AFTER_TOOLS);
        assertThat(result.effective()).isFalse();
        assertThat(result.stopping()).isTrue();
        gate.open();
        var output = Events.end(run);
        assertThat(output.effectiveMode()).isEqualTo(CancelMode.AFTER_TOOLS);
        assertThat(output.requests())
                .extracting(CancelRequest::mode)
                .containsExactly(CancelMode.AFTER_TOOLS, CancelMode.AFTER_TURN);
    }

    @Test
    void aRequestAfterTheOutcomeIsDecidedChangesNothingThoughTheCleanupStillRuns() throws Exception {
        var held = new Gate();
        var run = Agent.builder()
                .model(TestModel.of(hangs()))
                .onCancel((context, cause) -> held.pass())
                .build()
                .start("Go");
        run.cancel();
        held.awaitReached();
        var late = run.cancel(CancelRequest.now().reason("late"));
        assertThat(late.outcome()).isEqualTo(Outcome.ALREADY_FINISHED);
        held.open();
        assertThat(Events.end(run).requests()).hasSize(1);
    }

    @Test
    void aGracefulStopTurnsIntoNowAfterItsTime() throws Exception {
        var run = Agent.builder()
                .model(TestModel.of(calls("slow")))
                .tools(waits("slow", gate))
                .build()
                .start("Go");
        gate.awaitReached();
        var result = run.cancel(CancelRequest.afterTools().reason("soon").atMost(Duration.ofMillis(150)));
        assertThat(result.effectiveMode()).isEqualTo(CancelMode.AFTER_TOOLS);
        var output = Events.end(run);
        assertThat(output.isCancelled()).isTrue();
        assertThat(output.effectiveMode()).isEqualTo(CancelMode.NOW);
        assertThat(output.cause())
                .isNotNull()
                .satisfies(cause -> assertThat(cause.reason()).isEqualTo("soon"));
        assertThat(output.stopTook()).isNotNull().isGreaterThanOrEqualTo(Duration.ofMillis(150));
        assertThat(output.tools().getFirst().result()).isNull();
    }

    @Test
    void atMostOfZeroIsNow() throws Exception {
        var run = Agent.builder()
                .model(TestModel.of(calls("slow")))
                .tools(waits("slow", gate))
                .build()
                .start("Go");
        gate.awaitReached();
        run.cancel(CancelRequest.afterTools().atMost(Duration.ZERO));
        assertThat(Events.end(run).effectiveMode()).isEqualTo(CancelMode.NOW);
    }

    // ---- what a request is answered

    @Test
    void aFinishedRunAnswersWithItsStatus() {
        var agent = Agent.of(TestModel.of(says("x")), "");
        var output = agent.run("Go");
        var result = agent.cancel(output.runId(), CancelRequest.now());
        assertThat(result.outcome()).isEqualTo(Outcome.ALREADY_FINISHED);
        assertThat(result.status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(result.cause()).isNull();
        assertThat(result.effective()).isFalse();
        assertThat(result.stopping()).isFalse();
        assertThat(agent.cancelRun(output.runId())).isFalse();
    }

    @Test
    void aHandleOfAFinishedRunAnswersTheSame() throws Exception {
        var run = Agent.of(TestModel.of(says("x")), "").start("Go");
        var output = Events.end(run);
        assertThat(run.cancel().outcome()).isEqualTo(Outcome.ALREADY_FINISHED);
        assertThat(run.output()).isEqualTo(output).matches(RunOutput::isCompleted);
    }

    @Test
    void aCancelledRunAnswersWithItsStatusForever() throws Exception {
        var run = Agent.of(TestModel.of(hangs()), "").start("Go");
        run.cancel();
        Events.end(run);
        var again = Runs.shared().cancel(run.id(), CancelRequest.now());
        assertThat(again.outcome()).isEqualTo(Outcome.ALREADY_FINISHED);
        assertThat(again.status()).isEqualTo(RunStatus.CANCELLED);
    }

    @Test
    void anUnknownRunIsRemembered() {
        var agent = Agent.of(TestModel.of(says("x")), "");
        var id = UUID.randomUUID().toString();
        var result = agent.cancel(id, CancelRequest.now());
        assertThat(result.runId()).isEqualTo(id);
        assertThat(result.outcome()).isEqualTo(Outcome.REMEMBERED);
        assertThat(result.status()).isNull();
        assertThat(result.stopping()).isFalse();
        assertThat(agent.cancelRun(id)).isFalse();
    }

    @Test
    void anyComponentMayStopAnyRun() throws Exception {
        var run = Agent.of(TestModel.of(hangs()), "").start("Go");
        assertThat(Agent.of(TestModel.of(says("x")), "").cancelRun(run.id())).isTrue();
        assertThat(Events.end(run).isCancelled()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(CancelKind.class)
    void everyKindHasAReasonForPeople(CancelKind kind) throws Exception {
        var run = Agent.of(TestModel.of(hangs()), "").start("Go");
        run.cancel(CancelRequest.now().kind(kind));
        var cause = Objects.requireNonNull(Events.end(run).cause());
        assertThat(cause.kind()).isEqualTo(kind);
        assertThat(cause.reason()).isNotBlank().contains(" ");
    }

    @Test
    void theListOfRequestsIsBounded() throws Exception {
        var run = Agent.builder()
                .model(TestModel.of(calls("slow")))
                .tools(waits("slow", gate))
                .build()
                .start("Go");
        gate.awaitReached();
        for (var n = 0; n < 1_000; n++) {
            run.cancel(CancelRequest.afterTools());
        }
        gate.open();
        assertThat(Events.end(run).requests()).hasSize(100);
    }

    @Test
    void requestsThatMakeNoSenseAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CancelRequest.now().grace(Duration.ofSeconds(-1)))
                .withMessageContaining("grace is PT-1S");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CancelRequest.now().atMost(Duration.ofDays(2)))
                .withMessageContaining("atMost is PT48H");
        assertThat(List.of(CancelMode.values())).isSorted();
        assertThat(CancelMode.NOW.strongerThan(CancelMode.AFTER_TOOLS)).isTrue();
        assertThat(CancelMode.AFTER_TURN.strongerThan(CancelMode.AFTER_TURN)).isFalse();
    }
}
