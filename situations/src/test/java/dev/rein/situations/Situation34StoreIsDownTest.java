package dev.rein.situations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.agent.Agent;
import dev.rein.run.CancelResult.Outcome;
import dev.rein.run.RunStatus;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class Situation34StoreIsDownTest {
    private final ParkingStore store = new ParkingStore();

    @ParameterizedTest
    @EnumSource
    void aCancelStopsTheRunAndItsEndIsWrittenWhenTheStoreIsBack(Form form) {
        var model = ScriptedModel.of(Script.tokens("Once", " upon").thenHang());
        var agent = Agent.builder()
                .model(model)
                .store(store)
                .storeWait(Duration.ofMillis(50))
                .build();
        var run = form.start(agent, "Go");
        model.awaitWaiting(1);
        store.down(true);

        assertThat(run.cancel().outcome()).isEqualTo(Outcome.REQUESTED);
        var output = run.end();
        assertThat(output.status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(output.stored()).as("an honest answer").isFalse();
        assertThat(store.run(run.id()).orElseThrow().status().isTerminal()).isFalse();

        store.down(false);
        Waiting.until(
                "its end is written", () -> store.run(run.id()).orElseThrow().status() == RunStatus.CANCELLED);
        assertThat(store.run(run.id()).orElseThrow().text()).isEqualTo("Once upon");
    }

    @ParameterizedTest
    @EnumSource
    void whatCantBeWrittenAnyMoreIsGivenUp(Form form) {
        var model = ScriptedModel.of(Script.tokens("Once").thenHang());
        var agent = Agent.builder()
                .model(model)
                .store(store)
                .storeWait(Waiting.LONG)
                .build();
        var run = form.start(agent, "Go");
        model.awaitWaiting(1);
        store.down(true);
        store.close();

        run.cancel();
        var output = run.end();
        assertThat(output.status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(output.stored()).isFalse();
        assertThat(store.finishes()).as("it is not tried for ever").isEqualTo(1);
    }
}
