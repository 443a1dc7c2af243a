package dev.rein.situations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.agent.Agent;
import dev.rein.agent.AgentBuilder;
import dev.rein.cancel.CancelRequest;
import dev.rein.run.event.ModelRequestFailed;
import dev.rein.runtime.Runs;
import dev.rein.testkit.FakeProvider;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class Situation12CancelInBackOffTest {
    private static final Script TOO_MANY = Script.status(429, "slow down").retryAfter(Duration.ofSeconds(60));

    @ParameterizedTest
    @EnumSource
    void cancelEndsTheBackOffAndNoRetryIsMade(Form form) {
        var model = ScriptedModel.of(TOO_MANY, Script.text("never asked for"));
        cancelInBackOff(form, Agent.builder().model(model));
        assertThat(model.callsStarted()).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("dev.rein.situations.Situation10ServerHangsTest#apisAndForms")
    void cancelEndsTheBackOffAndNoRetryIsSent(Api api, Form form) {
        try (var provider = FakeProvider.start()) {
            provider.enqueue(TOO_MANY).byDefault(Script.text("never asked for"));
            cancelInBackOff(form, Agent.builder().model(api.at(provider)));
            assertThat(provider.requestCount()).isEqualTo(1);
        }
    }

    private static void cancelInBackOff(Form form, AgentBuilder agent) {
        var run = form.start(agent.build(), "Go");
        var failed = run.awaitEvent(ModelRequestFailed.class);
        assertThat(failed.retryIn()).isEqualTo(Duration.ofSeconds(60));

        run.cancel(CancelRequest.now().grace(Waiting.NEVER));

        run.end(Waiting.SOON);
        assertThat(RunInvariants.checkCancelled(run).abandoned()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aGracefulStopEndsTheBackOffToo(Form form) {
        var model = ScriptedModel.of(TOO_MANY, Script.text("never asked for"));
        var run = form.start(Agent.of(model, ""), "Go");
        run.awaitEvent(ModelRequestFailed.class);
        Waiting.until(
                "the back-off",
                () -> Runs.shared().find(run.id()).orElseThrow().activity().startsWith("back-off"));

        run.cancel(CancelRequest.afterTurn());

        run.end(Waiting.SOON);
        RunInvariants.checkCancelled(run);
        assertThat(model.callsStarted()).isEqualTo(1);
    }
}
