package dev.rein.run;

import static dev.rein.agent.TestModel.calls;
import static dev.rein.agent.TestModel.hangs;
import static dev.rein.agent.TestModel.says;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.rein.agent.Agent;
import dev.rein.agent.AgentBuilder;
import dev.rein.agent.Events;
import dev.rein.agent.Gate;
import dev.rein.agent.TestModel;
import dev.rein.agent.TestTools;
import dev.rein.cancel.CancelRequest;
import dev.rein.run.RunRejectedException.Reason;
import dev.rein.runtime.Runs;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A host drains its runs before it decides what happens to the rest. */
class RunsDrainTest {
    private static final Duration LONG = Duration.ofMinutes(2);

    private final Runs runs = Runs.create();

    @AfterEach
    void close() {
        runs.close();
    }

    private AgentBuilder agent(TestModel model) {
        return Agent.builder().runs(runs).model(model);
    }

    private CompletableFuture<List<LiveRun>> drainInBackground() {
        return CompletableFuture.supplyAsync(() -> runs.drain(LONG));
    }

    /** Waits until new runs are refused. */
    private void awaitRefusal() {
        var probe = agent(TestModel.of(says("x"))).build();
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThatExceptionOfType(RunRejectedException.class)
                        .isThrownBy(() -> probe.start("Go"))
                        .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.CLOSED))
                        .withMessageContaining("drained"));
    }

    @Test
    void withoutRunsItReturnsAtOnce() {
        assertThat(runs.drain(LONG)).isEmpty();
        awaitRefusal();
    }

    @Test
    void liveRunsEndByThemselvesMeanwhileAndNewOnesAreRefused() throws Exception {
        var gate = new Gate();
        var run = agent(TestModel.of(calls("slow"), says("Done.")))
                .tools(TestTools.waits("slow", gate))
                .build()
                .start("Go");
        gate.awaitReached();
        var draining = drainInBackground();
        awaitRefusal();
        assertThat(draining).isNotDone();
        gate.open();
        assertThat(draining.get(1, TimeUnit.MINUTES)).isEmpty();
        assertThat(Events.end(run).text()).isEqualTo("Done.");
    }

    @Test
    void aLiveRunStillStartsThoseThatArePartOfIt() throws Exception {
        var inner = agent(TestModel.of(says("inside"))).build();
        var gate = new Gate();
        var run = agent(TestModel.of(calls("ask"), says("Done.")))
                .tools(TestTools.tool("ask", _ -> {
                    gate.pass();
                    return inner.run("Go").orThrow().text();
                }))
                .build()
                .start("Go");
        gate.awaitReached();
        var draining = drainInBackground();
        awaitRefusal();
        gate.open();
        assertThat(draining.get(1, TimeUnit.MINUTES)).isEmpty();
        assertThat(Events.end(run).status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(Events.end(run).tools().getFirst().result()).isEqualTo("inside");
    }

    @Test
    void whatIsLeftAfterTheTimeIsReturnedAndGoesOn() throws Exception {
        var model = TestModel.of(hangs());
        var run = agent(model).name("Slow").build().start("Go");
        model.awaitRequests(1);
        assertThat(runs.drain(Duration.ZERO)).singleElement().satisfies(left -> {
            assertThat(left.runId()).isEqualTo(run.id());
            assertThat(left.componentId()).isEqualTo("slow");
        });
        assertThat(run.status()).isEqualTo(RunStatus.RUNNING);
        runs.cancelAll(CancelRequest.now());
        assertThat(runs.drain(LONG)).isEmpty();
    }

    @Test
    void onlyRootsAreReturned() throws Exception {
        var model = TestModel.of(hangs());
        var inner = agent(model).build();
        var run = agent(TestModel.of(calls("ask")))
                .tools(TestTools.tool("ask", _ -> inner.run("Go").text()))
                .build()
                .start("Go");
        model.awaitRequests(1);
        assertThat(runs.live()).hasSize(2);
        assertThat(runs.drain(Duration.ofMillis(1))).extracting(LiveRun::runId).containsExactly(run.id());
    }

    @Test
    void pausedRunsAreNotWaitedForButReturned() {
        var paused = agent(TestModel.of(calls("pay"), says("Paid.")))
                .tools(TestTools.tool("pay", _ -> "paid").withConfirmation("Pay?"))
                .build()
                .run("Go");
        assertThat(runs.drain(LONG)).singleElement().satisfies(left -> {
            assertThat(left.runId()).isEqualTo(paused.runId());
            assertThat(left.status()).isEqualTo(RunStatus.PAUSED);
        });
    }

    @Test
    void aPausedRunThatIsResumedMeanwhileIsWaitedFor() throws Exception {
        var gate = new Gate();
        var payer = agent(TestModel.of(calls("pay"), says("Paid.")))
                .tools(TestTools.waits("pay", gate).withConfirmation("Pay?"))
                .build();
        var paused = payer.run("Go");
        var otherGate = new Gate();
        agent(TestModel.of(calls("slow"), says("Done.")))
                .tools(TestTools.waits("slow", otherGate))
                .build()
                .start("Go");
        otherGate.awaitReached();
        var draining = drainInBackground();
        awaitRefusal();
        var resumed = payer.continueRun(
                paused.runId(),
                Decision.confirm(paused.requirements().getFirst().id()));
        gate.awaitReached();
        otherGate.open();
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> runs.live().size() == 1);
        assertThat(draining).isNotDone();
        gate.open();
        assertThat(draining.get(1, TimeUnit.MINUTES)).isEmpty();
        assertThat(Events.end(resumed).text()).isEqualTo("Paid.");
    }

    @Test
    void anInterruptEndsTheWaitAndNothingElse() throws Exception {
        var model = TestModel.of(hangs());
        agent(model).build().start("Go");
        model.awaitRequests(1);
        Thread.currentThread().interrupt();
        assertThat(runs.drain(LONG)).hasSize(1);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void aNegativeTimeIsRefusedAndRefusesNoRuns() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> runs.drain(Duration.ofSeconds(-1)))
                .withMessageContaining("PT-1S");
        assertThat(agent(TestModel.of(says("x"))).build().run("Go").text()).isEqualTo("x");
    }
}
