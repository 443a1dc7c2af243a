package dev.rein.cancel;

import static dev.rein.agent.TestModel.hangs;
import static dev.rein.agent.TestModel.says;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.rein.agent.Agent;
import dev.rein.agent.Events;
import dev.rein.agent.TestModel;
import dev.rein.run.CancelResult.Outcome;
import dev.rein.run.ComponentKind;
import dev.rein.run.RunRejectedException;
import dev.rein.run.RunRejectedException.Reason;
import dev.rein.run.RunStatus;
import dev.rein.runtime.RunHandle;
import dev.rein.runtime.RunOptions;
import dev.rein.runtime.RunSelector;
import dev.rein.runtime.Runs;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Requests to cancel runs that have not started, by callers who may stop some runs only. */
class PendingCancelTest {
    private static final RunSelector ANN = RunSelector.all().user("ann");
    private static final RunSelector BOB = RunSelector.all().user("bob");

    private final Runs runs = Runs.create();

    @AfterEach
    void close() {
        runs.close();
    }

    private static RunOptions options(String user) {
        return RunOptions.defaults().runId("x").sessionId("session").userId(user);
    }

    private RunHandle startHanging(String user) {
        var model = TestModel.of(hangs());
        var run = Agent.builder().runs(runs).model(model).build().start("Go", options(user));
        model.awaitRequests(1);
        return run;
    }

    private RunHandle start(RunOptions options) {
        return Agent.builder()
                .name("Agent")
                .runs(runs)
                .model(TestModel.of(says("Hi")))
                .build()
                .start("Go", options);
    }

    private Outcome cancel(RunSelector selector) {
        return runs.cancel("x", CancelRequest.now(), selector).outcome();
    }

    @Test
    void aRejectedStartStopsNobodyElsesRun() {
        var run = startHanging("ann");
        assertThat(cancel(BOB)).isEqualTo(Outcome.REMEMBERED);
        assertThatExceptionOfType(RunRejectedException.class)
                .isThrownBy(() -> start(options("bob")))
                .returns(Reason.ID_LIVE, RunRejectedException::reason);
        assertThat(run.status()).isEqualTo(RunStatus.RUNNING);
        assertThat(cancel(ANN)).isEqualTo(Outcome.REQUESTED);
    }

    @Test
    void theRequestWaitsForTheCallersOwnRun() throws Exception {
        var run = startHanging("ann");
        cancel(BOB);
        run.cancel();
        run.await();
        assertThat(Events.end(start(options("ann"))).isCompleted()).isTrue();
        assertThat(Events.end(start(options("bob"))).isCancelled()).isTrue();
        assertThat(Events.end(start(options("bob"))).isCompleted())
                .as("taken once")
                .isTrue();
    }

    @Test
    void oneCallersRequestDoesNotReplaceAnothers() throws Exception {
        cancel(BOB);
        cancel(ANN);
        assertThat(Events.end(start(options("ann"))).isCancelled()).isTrue();
    }

    @Test
    void aCallerWithoutAUserStopsTheRunOfAnyUser() throws Exception {
        cancel(RunSelector.all());
        assertThat(Events.end(start(options("ann"))).isCancelled()).isTrue();
    }

    @Test
    void componentAndSessionMustBeTheSameToo() throws Exception {
        cancel(RunSelector.all().component(ComponentKind.TEAM, "agent"));
        cancel(RunSelector.all().component(ComponentKind.AGENT, "other"));
        cancel(RunSelector.all().session("other"));
        assertThat(Events.end(start(options("ann"))).isCompleted()).isTrue();
        runs.cancel(
                "y",
                CancelRequest.now(),
                RunSelector.all().component(ComponentKind.AGENT, "agent").session("session"));
        assertThat(Events.end(start(options("ann").runId("y"))).isCancelled()).isTrue();
    }

    @Test
    void anEndedRunOfAnotherUserIsUnknown() throws Exception {
        Events.end(start(options("ann")));
        assertThat(cancel(BOB)).isEqualTo(Outcome.REMEMBERED);
        assertThat(cancel(ANN)).isEqualTo(Outcome.ALREADY_FINISHED);
    }
}
