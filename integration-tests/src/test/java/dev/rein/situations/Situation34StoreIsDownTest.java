package dev.rein.situations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.agent.Agent;
import dev.rein.run.CancelResult.Outcome;
import dev.rein.run.RunStatus;
import dev.rein.session.SessionStore;
import dev.rein.testkit.InterceptedStore;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class Situation34StoreIsDownTest {
    private final InterceptedStore<SessionStore> store = InterceptedStore.inMemory();

    private void goDown() {
        store.fail(() -> new IllegalStateException("the store is down"), "save", "finish");
    }

    @ParameterizedTest
    @EnumSource
    void aCancelStopsTheRunAndItsEndIsWrittenWhenTheStoreIsBack(Form form) {
        var model = ScriptedModel.of(Script.tokens("Once", " upon").thenHang());
        var agent = Agent.builder()
                .model(model)
                .store(store.store())
                .storeWait(Duration.ofMillis(50))
                .build();
        var run = form.start(agent, "Go");
        model.awaitWaiting(1);
        goDown();

        assertThat(run.cancel().outcome()).isEqualTo(Outcome.REQUESTED);
        var output = run.end();
        assertThat(output.status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(output.stored()).as("an honest answer").isFalse();
        assertThat(store.target().run(run.id()).orElseThrow().status().isTerminal())
                .isFalse();

        store.pass();
        Waiting.until(
                "its end is written",
                () -> store.target().run(run.id()).orElseThrow().status() == RunStatus.CANCELLED);
        assertThat(store.target().run(run.id()).orElseThrow().text()).isEqualTo("Once upon");
    }

    @ParameterizedTest
    @EnumSource
    void whatCantBeWrittenAnyMoreIsGivenUp(Form form) {
        var model = ScriptedModel.of(Script.tokens("Once").thenHang());
        var agent = Agent.builder()
                .model(model)
                .store(store.store())
                .storeWait(Waiting.LONG)
                .build();
        var run = form.start(agent, "Go");
        model.awaitWaiting(1);
        goDown();
        store.on("isClosed", _ -> true);

        run.cancel();
        var output = run.end();
        assertThat(output.status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(output.stored()).isFalse();
        assertThat(store.calls("finish")).as("it is not tried for ever").isEqualTo(1);
    }
}
