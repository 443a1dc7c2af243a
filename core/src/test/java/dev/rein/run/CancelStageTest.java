package dev.rein.run;

import static dev.rein.agent.TestModel.calls;
import static dev.rein.agent.TestModel.hangs;
import static dev.rein.agent.TestModel.says;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.agent.Agent;
import dev.rein.agent.Events;
import dev.rein.agent.TestModel;
import dev.rein.agent.TestTools;
import dev.rein.cancel.CancelKind;
import dev.rein.cancel.CancelStage;
import dev.rein.run.event.StepExecutorPaused;
import dev.rein.runtime.RunHandle;
import dev.rein.runtime.RunOptions;
import dev.rein.runtime.Runs;
import dev.rein.session.InMemorySessionStore;
import dev.rein.workflow.Parallel;
import dev.rein.workflow.Step;
import dev.rein.workflow.Workflow;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The stage of a stopped run, separately for each run of a tree. */
class CancelStageTest {
    private static @Nullable CancelStage stage(RunOutput output) {
        assertThat(output.isCancelled()).isTrue();
        return Objects.requireNonNull(output.cause()).stage();
    }

    private static Agent asking(TestModel model) {
        return Agent.builder()
                .name("Payer")
                .model(model)
                .tools(TestTools.tool("pay", _ -> "paid").withConfirmation("Pay?"))
                .build();
    }

    @Test
    void aRunThatHadNotBegunWasPending() {
        var id = UUID.randomUUID().toString();
        var agent = Agent.of(TestModel.of(says("never")), "");
        agent.cancelRun(id);
        assertThat(stage(agent.run("Go", RunOptions.defaults().runId(id)))).isEqualTo(CancelStage.PENDING);
    }

    @Test
    void aRunAtWorkWasExecutingAndItsStoreKnows() throws Exception {
        var store = new InMemorySessionStore();
        var model = TestModel.of(hangs());
        var run = Agent.builder()
                .model(model)
                .store(store)
                .storeWait(Duration.ofMinutes(1))
                .build()
                .start("Go");
        model.awaitRequests(1);
        run.cancel();
        assertThat(stage(Events.end(run))).isEqualTo(CancelStage.EXECUTING);
        assertThat(Objects.requireNonNull(store.run(run.id()).orElseThrow().cause())
                        .stage())
                .isEqualTo(CancelStage.EXECUTING);
    }

    @Test
    void aRunThatWaitedForPeopleWasPausedAndItsSecondQuestionDoesNotChangeThat() throws Exception {
        var agent = asking(TestModel.of(calls("pay")));
        var paused = agent.run("Pay it");
        var run = Runs.shared().handle(paused.runId()).orElseThrow();
        run.cancel();
        run.cancel();
        assertThat(stage(Events.end(run))).isEqualTo(CancelStage.PAUSED);
    }

    private static void awaitPauseOfAStep(RunHandle run) {
        try (var events = run.events()) {
            for (var event : events) {
                if (event instanceof StepExecutorPaused) {
                    return;
                }
            }
        }
    }

    @Test
    void runsBelowTellTheirOwn() throws Exception {
        var model = TestModel.of(hangs());
        var payer = asking(TestModel.of(calls("pay")));
        var writer = Agent.builder().name("Writer").model(model).build();
        var run = Workflow.builder()
                .steps(Parallel.of("both", Step.of("pay", payer), Step.of("write", writer)))
                .build()
                .start("Go");
        model.awaitRequests(1);
        awaitPauseOfAStep(run);
        run.cancel();
        var output = Events.end(run);
        assertThat(stage(output)).isEqualTo(CancelStage.EXECUTING);
        for (var below : output.memberResponses()) {
            assertThat(Objects.requireNonNull(below.cause()).kind()).isEqualTo(CancelKind.PARENT);
            assertThat(stage(below))
                    .isEqualTo(below.componentId().equals("payer") ? CancelStage.PAUSED : CancelStage.EXECUTING);
        }
        assertThat(output.memberResponses()).hasSize(2);
    }
}
