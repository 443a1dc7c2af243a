package dev.rein.situations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.agent.Agent;
import dev.rein.agent.AgentBuilder;
import dev.rein.model.ModelException;
import dev.rein.run.event.ModelRequestFailed;
import dev.rein.testkit.FakeProvider;
import dev.rein.testkit.HangPoint;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class Situation13FallbackIsNeverCalledTest {
    private final ScriptedModel fallback = ScriptedModel.always("never asked for");

    @AfterEach
    void fallbackWasNotCalled() {
        assertThat(fallback.callsStarted()).isZero();
    }

    private AgentBuilder agent() {
        return Agent.builder().fallbacks(fallback);
    }

    @ParameterizedTest
    @EnumSource
    void whileTheFirstModelHangs(Form form) {
        var model = ScriptedModel.create().waitsForever();
        var run = form.start(agent().model(model).build(), "Go");
        model.awaitWaiting(1);
        run.cancel();
        RunInvariants.checkCancelled(run);
    }

    @ParameterizedTest
    @MethodSource("dev.rein.situations.Situation10ServerHangsTest#apisAndForms")
    void whileTheServerHangs(Api api, Form form) {
        try (var provider = FakeProvider.start()) {
            provider.enqueue(Script.hangs(HangPoint.BEFORE_HEADERS));
            var run = form.start(agent().model(api.at(provider)).build(), "Go");
            provider.awaitRequest(1).awaitHanging();
            run.cancel();
            RunInvariants.checkCancelled(run);
            assertThat(provider.requestCount()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void inTheBackOffOfTheFirstModel(Form form) {
        var model = ScriptedModel.of(Script.status(503, "busy").retryAfter(Duration.ofSeconds(60)));
        var run = form.start(agent().model(model).build(), "Go");
        run.awaitEvent(ModelRequestFailed.class);
        run.cancel();
        RunInvariants.checkCancelled(run);
    }

    @ParameterizedTest
    @EnumSource
    void whenTheFirstModelFailsForGoodRightAfterTheCancel(Form form) {
        var failing = new Gate();
        var model = ScriptedModel.create().answerWith((_, _) -> {
            failing.passDeaf();
            throw new ModelException(ModelException.Kind.AUTHENTICATION, "the key is wrong");
        });
        var run = form.start(agent().model(model).build(), "Go");
        failing.awaitArrival();
        run.cancel();
        failing.open();
        assertThat(RunInvariants.checkCancelled(run).failure()).isNull();
    }
}
