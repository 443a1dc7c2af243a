package dev.rein.situations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.agent.Agent;
import dev.rein.cancel.CancelRequest;
import dev.rein.run.CancelResult.Outcome;
import dev.rein.run.event.RunStarted;
import dev.rein.runtime.RunOptions;
import dev.rein.runtime.Runs;
import dev.rein.session.InMemorySessionStore;
import dev.rein.testkit.ScriptedModel;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class Situation07CancelBeforeStartTest {
    private final ScriptedModel model = ScriptedModel.always("done");
    private final String id = UUID.randomUUID().toString();
    private final RunOptions withId = RunOptions.defaults().runId(id);

    @ParameterizedTest
    @EnumSource
    void aRunWhoseIdWasCancelledBeforeItStartsDoesNothing(Form form) {
        var hooks = new AtomicInteger();
        var store = new InMemorySessionStore();
        var agent = Agent.builder()
                .model(model)
                .store(store)
                .storeWait(Waiting.LONG)
                .before("count", (input, _) -> {
                    hooks.incrementAndGet();
                    return input;
                })
                .after("count", (_, _) -> hooks.incrementAndGet())
                .build();

        var early =
                agent.cancel(id, CancelRequest.now().reason("changed my mind").actor("me"));
        assertThat(early.outcome()).isEqualTo(Outcome.REMEMBERED);
        assertThat(early.stopping()).isFalse();
        var run = form.start(agent, "Go", withId);

        var output = RunInvariants.checkCancelled(run, store);
        assertThat(model.callsStarted()).isZero();
        assertThat(hooks).hasValue(0);
        assertThat(output.text()).isEmpty();
        assertThat(Objects.requireNonNull(output.cause()).reason()).isEqualTo("changed my mind");
        assertThat(output.cause().actor()).isEqualTo("me");
        if (run.wasWatched()) {
            assertThat(run.events()).hasSize(2).first().isInstanceOf(RunStarted.class);
        }
    }

    @Test
    void aRememberedStopIsUsedUpByTheRunThatItWasFor() {
        var agent = Agent.of(model, "");
        agent.cancel(id, CancelRequest.now());

        assertThat(agent.run("Go", withId).isCancelled()).isTrue();
        assertThat(agent.run("Go", withId).isCompleted()).isTrue();
        assertThat(agent.run("Go").isCompleted()).isTrue();
    }

    @Test
    void theFirstOfSeveralEarlyStopsGivesTheCause() {
        var agent = Agent.of(model, "");
        agent.cancel(id, CancelRequest.now().reason("first"));
        agent.cancel(id, CancelRequest.now().reason("second"));

        assertThat(agent.run("Go", withId).cause()).extracting("reason").isEqualTo("first");
    }

    @Test
    void onlySoManyEarlyStopsAreKept() {
        var agent = Agent.of(model, "");
        agent.cancel(id, CancelRequest.now());
        for (var i = 0; i < 10_000; i++) {
            Runs.shared().cancel(UUID.randomUUID().toString(), CancelRequest.now());
        }

        assertThat(agent.run("Go", withId).isCompleted()).isTrue();
    }
}
