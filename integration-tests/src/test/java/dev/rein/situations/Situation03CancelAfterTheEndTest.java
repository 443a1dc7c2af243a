package dev.rein.situations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.agent.Agent;
import dev.rein.cancel.CancelMode;
import dev.rein.cancel.CancelRequest;
import dev.rein.model.ModelException;
import dev.rein.run.CancelResult.Outcome;
import dev.rein.run.RunStatus;
import dev.rein.runtime.RetryPolicy;
import dev.rein.session.InMemorySessionStore;
import dev.rein.testkit.ScriptedModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class Situation03CancelAfterTheEndTest {
    private final InMemorySessionStore store = new InMemorySessionStore();

    @ParameterizedTest
    @EnumSource
    void aCompletedRunStaysCompletedAndTheCallerIsTold(Form form) {
        var agent = Agent.builder()
                .model(ScriptedModel.of("done"))
                .store(store)
                .storeWait(Waiting.LONG)
                .build();
        var run = form.start(agent, "Go");
        var output = RunInvariants.check(run, store);
        assertThat(output.status()).isEqualTo(RunStatus.COMPLETED);
        var row = store.run(run.id()).orElseThrow();

        for (var mode : CancelMode.values()) {
            var result = agent.cancel(run.id(), CancelRequest.of(mode));
            assertThat(result.outcome()).isEqualTo(Outcome.ALREADY_FINISHED);
            assertThat(result.status()).isEqualTo(RunStatus.COMPLETED);
        }
        assertThat(agent.cancelRun(run.id())).isFalse();
        assertThat(store.run(run.id())).contains(row);
    }

    @Test
    void aHandleOrStreamThatOutlivesItsRunTellsTheSame() {
        var agent = Agent.of(ScriptedModel.always("done"), "");
        var handle = agent.start("Go");
        try (var stream = agent.stream("Go")) {
            stream.forEach(_ -> {});
            Waiting.until(
                    "the end",
                    () -> handle.status().isTerminal() && stream.status().isTerminal());

            assertThat(handle.cancel().outcome()).isEqualTo(Outcome.ALREADY_FINISHED);
            assertThat(stream.cancel().outcome()).isEqualTo(Outcome.ALREADY_FINISHED);
            assertThat(handle.status()).isEqualTo(RunStatus.COMPLETED);
            assertThat(stream.output().status()).isEqualTo(RunStatus.COMPLETED);
            assertThat(handle.output().cause()).isNull();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFailedRunStaysFailed(Form form) {
        var model = ScriptedModel.create().fails(new ModelException(ModelException.Kind.BAD_REQUEST, "no such thing"));
        var agent = Agent.builder()
                .model(model)
                .store(store)
                .storeWait(Waiting.LONG)
                .retry(RetryPolicy.NONE)
                .build();
        var run = form.start(agent, "Go");
        var output = RunInvariants.check(run, store);

        assertThat(output.status()).isEqualTo(RunStatus.ERROR);
        assertThat(run.cancel().status()).isEqualTo(RunStatus.ERROR);
        assertThat(store.run(run.id()).orElseThrow().status()).isEqualTo(RunStatus.ERROR);
    }
}
