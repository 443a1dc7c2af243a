package dev.rein.situations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.agent.Agent;
import dev.rein.cancel.CancelKind;
import dev.rein.os.AgentOS;
import dev.rein.os.ServerLimits;
import dev.rein.runtime.RunHandle;
import dev.rein.runtime.Runs;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

class Situation36ClientGoesAwayTest {
    private final ScriptedModel model = ScriptedModel.create();
    private final AgentOS os = AgentOS.builder()
            .name("Situations")
            .port(0)
            .limits(ServerLimits.standard().clientStall(Duration.ofSeconds(2)))
            .agents(Agent.builder().name("Talker").model(model).build())
            .build()
            .start();

    @AfterEach
    void close() {
        model.release();
        os.close();
    }

    /** Starts a run that says two words and waits, has its client leave, and gives the run. */
    private RunHandle left(String form, Consumer<RawHttp> leaving) {
        model.answer(Script.text("one two ").thenHang().thenText("three"));
        var events = RawHttp.post(os.port(), "/agents/talker/runs", form);
        var run =
                Runs.shared().handle(events.until("RunContent").text("run_id")).orElseThrow();
        model.awaitWaiting(1);
        leaving.accept(events);
        return run;
    }

    private static void assertStopped(RunHandle run) throws Exception {
        var output = run.await(Waiting.LONG);
        assertThat(output.isCancelled()).isTrue();
        assertThat(output.cause().kind()).isEqualTo(CancelKind.DISCONNECT);
    }

    @Execution(ExecutionMode.CONCURRENT)
    @Test
    void withAGoodbye() throws Exception {
        assertStopped(left("message=hi", RawHttp::close));
    }

    @Execution(ExecutionMode.CONCURRENT)
    @Test
    void withAReset() throws Exception {
        assertStopped(left("message=hi", RawHttp::reset));
    }

    @Execution(ExecutionMode.CONCURRENT)
    @Test
    void inSilence() throws Exception {
        // Enough to fill what lies between the two: then nothing goes out any more.
        var much = "x".repeat(1 << 20);
        model.answer(Script.text("one ")
                .thenHang()
                .thenTokens(much, much, much, much, much, much, much)
                .forever());
        try (var events = RawHttp.post(os.port(), "/agents/talker/runs", "message=hi")) {
            var run = Runs.shared()
                    .handle(events.until("RunContent").text("run_id"))
                    .orElseThrow();
            model.awaitWaiting(1);
            model.release();
            assertStopped(run);
        }
    }

    @Execution(ExecutionMode.CONCURRENT)
    @Test
    void theRunGoesOnWhenItsPolicySaysSo() throws Exception {
        var run = left("message=hi&on_disconnect=continue", RawHttp::reset);
        // The server has noticed once a later client is answered: its keepalives have gone out meanwhile.
        model.release();
        assertThat(run.await(Waiting.LONG).isCompleted()).isTrue();
    }

    @Execution(ExecutionMode.CONCURRENT)
    @Test
    void theRunIsStoppedAWhileLaterWhenItsPolicySaysSo() throws Exception {
        assertStopped(left("message=hi&on_disconnect=cancel_after&cancel_after=1", RawHttp::close));
    }

    @Execution(ExecutionMode.CONCURRENT)
    @Test
    void anotherSubscriberIsNotDisturbed() {
        model.answer(Script.text("one two ").thenHang().thenText("three"));
        var first = RawHttp.post(os.port(), "/agents/talker/runs", "message=hi&on_disconnect=continue");
        var runId = first.until("RunContent").text("run_id");
        try (var second = RawHttp.post(os.port(), "/agents/talker/runs/" + runId + "/resume", "")) {
            second.until("subscribed");
            first.reset();
            model.awaitWaiting(1);
            model.release();
            assertThat(second.rest()).extracting(RawHttp.Frame::event).endsWith("RunCompleted");
        }
    }
}
