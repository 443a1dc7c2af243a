package dev.rein.situations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.agent.Agent;
import dev.rein.cancel.CancelMode;
import dev.rein.cancel.CancelRequest;
import dev.rein.run.CancelResult.Outcome;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import java.time.Duration;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class Situation06StrongerModeTest {

    static Stream<Arguments> pairs() {
        return Stream.of(CancelMode.values())
                .flatMap(first -> Stream.of(CancelMode.values()).map(second -> Arguments.of(first, second)));
    }

    @ParameterizedTest
    @EnumSource
    void nowUpgradesAGracefulStopAtOnce(Form form) {
        var model = ScriptedModel.of(Script.text("Once upon a time").hangAfter(2));
        var run = form.start(Agent.of(model, ""), "Go");
        model.awaitWaiting(1);

        var graceful = run.cancel(CancelRequest.afterTurn().reason("after this turn"));
        assertThat(graceful.outcome()).isEqualTo(Outcome.REQUESTED);
        assertThat(graceful.effectiveMode()).isEqualTo(CancelMode.AFTER_TURN);
        assertThat(model.callsWaiting()).as("the response goes on").isEqualTo(1);

        var now = run.cancel(CancelRequest.now().reason("no, now"));
        assertThat(now.outcome()).isEqualTo(Outcome.UPGRADED);
        assertThat(now.effectiveMode()).isEqualTo(CancelMode.NOW);

        var output = RunInvariants.checkCancelled(run);
        assertThat(output.effectiveMode()).isEqualTo(CancelMode.NOW);
        assertThat(Objects.requireNonNull(output.cause()).reason()).isEqualTo("after this turn");
        assertThat(output.requests())
                .extracting(CancelRequest::mode)
                .containsExactly(CancelMode.AFTER_TURN, CancelMode.NOW);
        assertThat(output.text()).isEqualTo("Once upon");
    }

    /** In a tool that cleans up all four modes still have something to wait for, so that every pair can be tried. */
    @ParameterizedTest
    @MethodSource("pairs")
    void ofTwoModesTheStrongerOneIsInForceWhateverTheirOrder(CancelMode first, CancelMode second) {
        var cleanup = new Gate();
        var model = ScriptedModel.create().toolCall("slow", "{}").answer("never asked for");
        var agent = Agent.builder()
                .model(model)
                .tools(Tools.tool("slow", _ -> {
                    cleanup.passDeaf();
                    return "done";
                }))
                .build();
        var run = Form.START.start(agent, "Go");
        cleanup.awaitArrival();

        var firstResult =
                run.cancel(CancelRequest.of(first).grace(Waiting.NEVER).reason("first"));
        var secondResult =
                run.cancel(CancelRequest.of(second).grace(Waiting.NEVER).reason("second"));
        cleanup.open();

        var stronger = second.strongerThan(first) ? second : first;
        assertThat(firstResult.outcome()).isEqualTo(Outcome.REQUESTED);
        assertThat(firstResult.effectiveMode()).isEqualTo(first);
        assertThat(secondResult.outcome())
                .isEqualTo(second.strongerThan(first) ? Outcome.UPGRADED : Outcome.ALREADY_REQUESTED);
        assertThat(secondResult.effectiveMode()).isEqualTo(stronger);
        var output = RunInvariants.checkCancelled(run);
        assertThat(output.effectiveMode()).isEqualTo(stronger);
        assertThat(Objects.requireNonNull(output.cause()).reason()).isEqualTo("first");
        assertThat(output.tools().getFirst().result() == null).isEqualTo(stronger == CancelMode.NOW);
        assertThat(model.callsStarted()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void aGracefulStopThatTakesTooLongTurnsIntoNow(Form form) {
        var model = ScriptedModel.of(Script.text("Once upon a time").hangAfter(2));
        var run = form.start(Agent.of(model, ""), "Go");
        model.awaitWaiting(1);

        run.cancel(CancelRequest.afterTurn().atMost(Duration.ofMillis(50)));

        var output = RunInvariants.checkCancelled(run);
        assertThat(output.effectiveMode()).isEqualTo(CancelMode.NOW);
        assertThat(output.text()).isEqualTo("Once upon");
    }

    @ParameterizedTest
    @EnumSource
    void afterTurnLetsTheResponseAndItsToolsFinishAndNothingMore(Form form) {
        var tool = new Gate();
        var model = ScriptedModel.create()
                .answer(Script.text("Let me see.").thenHang().thenToolCall("look", "{}"))
                .answer("never asked for");
        var agent =
                Agent.builder().model(model).tools(Tools.waiting("look", tool)).build();
        var run = form.start(agent, "Go");
        model.awaitWaiting(1);

        run.cancel(CancelRequest.afterTurn());
        model.release();
        tool.awaitArrival();
        tool.open();

        var output = RunInvariants.checkCancelled(run);
        assertThat(output.effectiveMode()).isEqualTo(CancelMode.AFTER_TURN);
        assertThat(output.tools()).singleElement().extracting("result").isEqualTo("look is done");
        assertThat(model.callsStarted()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void whereNothingIsLeftToLeaveOutAGracefulStopEndsCompleted(Form form) {
        var model = ScriptedModel.of(Script.text("All of it").hangAfter(1));
        var run = form.start(Agent.of(model, ""), "Go");
        model.awaitWaiting(1);

        run.cancel(CancelRequest.afterTurn());
        model.release();

        var output = RunInvariants.check(run);
        assertThat(output.isCompleted()).isTrue();
        assertThat(output.text()).isEqualTo("All of it");
    }
}
