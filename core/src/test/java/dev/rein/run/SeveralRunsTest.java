package dev.rein.run;

import static dev.rein.agent.TestModel.calls;
import static dev.rein.agent.TestModel.hangs;
import static dev.rein.agent.TestModel.says;
import static dev.rein.agent.TestTools.tool;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.rein.agent.Agent;
import dev.rein.agent.AgentBuilder;
import dev.rein.agent.Events;
import dev.rein.agent.TestModel;
import dev.rein.cancel.CancelKind;
import dev.rein.cancel.CancelRequest;
import dev.rein.run.CancelResult.Outcome;
import dev.rein.run.RunRejectedException.Reason;
import dev.rein.runtime.RunHandle;
import dev.rein.runtime.RunOptions;
import dev.rein.runtime.Runs;
import dev.rein.session.InMemorySessionStore;
import dev.rein.session.SessionPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two applications in one process do not see each other's runs. */
class SeveralRunsTest {
    private final Runs one = Runs.create();
    private final Runs other = Runs.create();

    @AfterEach
    void close() {
        one.close();
        other.close();
    }

    private static AgentBuilder agent(Runs runs, TestModel model) {
        return Agent.builder().runs(runs).model(model);
    }

    private static RunHandle startHanging(Runs runs, RunOptions options) {
        var model = TestModel.of(hangs());
        var run = agent(runs, model).build().start("Go", options);
        model.awaitRequests(1);
        return run;
    }

    private static RunHandle startHanging(Runs runs) {
        return startHanging(runs, RunOptions.defaults());
    }

    @Test
    void eachListsAndFindsItsOwnRuns() {
        var run = startHanging(one, RunOptions.defaults().runId("same").sessionId("s"));
        var namesake = startHanging(other, RunOptions.defaults().runId("same").sessionId("s"));
        assertThat(one.handle("same")).contains(run);
        assertThat(other.handle("same")).contains(namesake);
        assertThat(one.live()).extracting(LiveRun::runId).containsExactly("same");
        assertThat(one.liveInSession("s")).hasSize(1);
        assertThat(Runs.shared().find("same")).isEmpty();
    }

    @Test
    void stoppingAllOfOneLeavesTheOthersAlone() throws Exception {
        var run = startHanging(one, RunOptions.defaults().sessionId("s").userId("u"));
        var left = startHanging(other, RunOptions.defaults().sessionId("s").userId("u"));
        assertThat(other.cancel(run.id(), CancelRequest.now()).outcome()).isEqualTo(Outcome.REMEMBERED);
        assertThat(one.cancelAll(CancelRequest.now())).hasSize(1);
        assertThat(Events.end(run).isCancelled()).isTrue();
        assertThat(one.cancelSession("s", CancelRequest.now())).isEmpty();
        assertThat(one.cancelUser("u", CancelRequest.now())).isEmpty();
        assertThat(left.status()).isEqualTo(RunStatus.RUNNING);
    }

    @Test
    void aRememberedStopIsOfOneAlone() throws Exception {
        one.cancel("soon", CancelRequest.now());
        var options = RunOptions.defaults().runId("soon");
        assertThat(agent(other, TestModel.of(says("Hi")))
                        .build()
                        .run("Go", options)
                        .isCompleted())
                .isTrue();
        assertThat(agent(one, TestModel.of(says("Hi")))
                        .build()
                        .run("Go", options)
                        .isCancelled())
                .isTrue();
    }

    @Test
    void eachHasItsOwnSlots() throws Exception {
        one.maxConcurrentRuns(1, 1);
        var working = startHanging(one);
        var queued = agent(one, TestModel.of(says("Hi"))).build().start("Go");
        assertThat(Events.end(agent(other, TestModel.of(says("Hi"))).build().start("Go"))
                        .isCompleted())
                .isTrue();
        assertThat(queued.status()).isEqualTo(RunStatus.PENDING);
        assertThat(other.preempt(1)).isEmpty();
        working.cancel();
        assertThat(Events.end(queued).isCompleted()).isTrue();
    }

    @Test
    void sessionsOfTwoDoNotWaitForEachOther() throws Exception {
        var store = new InMemorySessionStore();
        var model = TestModel.of(hangs());
        agent(one, model).store(store).build().start("Go", RunOptions.defaults().sessionId("s"));
        model.awaitRequests(1);
        var beside = agent(other, TestModel.of(says("Hi")))
                .store(store)
                .sessionPolicy(SessionPolicy.QUEUE)
                .build();
        assertThat(Events.end(beside.start("Go", RunOptions.defaults().sessionId("s")))
                        .isCompleted())
                .isTrue();
    }

    @Test
    void aListenerHearsOfItsOwnRuns() throws Exception {
        var heard = new CompletableFuture<String>();
        one.addListener(new RunListener() {
            @Override
            public void runStarted(RunInfo run) {
                heard.complete(run.runId());
            }
        });
        Events.end(agent(other, TestModel.of(says("Hi"))).build().start("Go"));
        var run = agent(one, TestModel.of(says("Hi"))).build().start("Go");
        Events.end(run);
        assertThat(heard.get(1, TimeUnit.MINUTES)).isEqualTo(run.id());
    }

    @Test
    void closingOneLeavesTheOtherWorking() throws Exception {
        var run = startHanging(one);
        var left = startHanging(other);
        assertThat(one.close(Duration.ofMinutes(1))).isTrue();
        assertThat(Objects.requireNonNull(run.output().cause()).kind()).isEqualTo(CancelKind.SHUTDOWN);
        assertThatExceptionOfType(RunRejectedException.class)
                .isThrownBy(() -> startHanging(one))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.CLOSED));
        assertThat(left.status()).isEqualTo(RunStatus.RUNNING);
        assertThat(agent(other, TestModel.of(says("Hi"))).build().run("Go").isCompleted())
                .isTrue();
    }

    @Test
    void aRunBelowAnotherBelongsToTheRunsOfThat() throws Exception {
        var model = TestModel.of(hangs());
        var member = agent(other, model).build();
        var above = agent(one, TestModel.of(calls("ask")))
                .tools(List.of(tool("ask", _ -> member.run("Go").text())))
                .build()
                .start("Go");
        model.awaitRequests(1);
        assertThat(one.live()).extracting(LiveRun::parentRunId).containsExactly(null, above.id());
        assertThat(other.live()).isEmpty();
        one.cancelAll(CancelRequest.now());
        assertThat(Events.end(above).isCancelled()).isTrue();
        assertThat(one.live()).isEmpty();
    }
}
