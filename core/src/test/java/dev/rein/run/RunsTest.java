package dev.rein.run;

import static dev.rein.agent.TestModel.calls;
import static dev.rein.agent.TestModel.hangs;
import static dev.rein.agent.TestTools.deaf;
import static dev.rein.agent.TestTools.tool;
import static dev.rein.agent.TestTools.waits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rein.agent.Agent;
import dev.rein.agent.Events;
import dev.rein.agent.Gate;
import dev.rein.agent.TestModel;
import dev.rein.cancel.CancelRequest;
import dev.rein.run.CancelResult.Outcome;
import dev.rein.runtime.RunHandle;
import dev.rein.runtime.RunOptions;
import dev.rein.runtime.Runs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** All live runs of the process. */
class RunsTest {
    private final TestModel model = TestModel.of(hangs());
    private final List<RunHandle> started = new ArrayList<>();
    private final String session = UUID.randomUUID().toString();
    private final String user = UUID.randomUUID().toString();

    private RunHandle start(RunOptions options) {
        var run = Agent.builder().name("Live").model(model).build().start("Go", options);
        started.add(run);
        model.awaitRequests(started.size());
        return run;
    }

    private static RunOptions options() {
        return RunOptions.defaults();
    }

    @AfterEach
    void endAll() throws Exception {
        for (var run : started) {
            run.cancel();
            Events.end(run);
        }
    }

    @Test
    void aLiveRunIsListedWithWhatItDoes() throws Exception {
        var run = start(options().sessionId(session).userId(user).priority(3));
        var live = Runs.shared().find(run.id()).orElseThrow();
        assertThat(live.runId()).isEqualTo(run.id());
        assertThat(live.rootRunId()).isEqualTo(run.id());
        assertThat(live.parentRunId()).isNull();
        assertThat(live.componentId()).isEqualTo("live");
        assertThat(live.sessionId()).isEqualTo(session);
        assertThat(live.userId()).isEqualTo(user);
        assertThat(live.status()).isEqualTo(RunStatus.RUNNING);
        assertThat(live.activity()).isEqualTo("waiting for test-model");
        assertThat(live.priority()).isEqualTo(3);
        assertThat(live.activityDuration()).isPositive();
        assertThat(live.createdAt()).isEqualTo(run.output().createdAt());
        assertThat(Runs.shared().live()).extracting(LiveRun::runId).contains(run.id());
        assertThat(Runs.shared().handle(run.id())).contains(run);

        run.cancel();
        Events.end(run);
        assertThat(Runs.shared().find(run.id())).isEmpty();
        assertThat(Runs.shared().handle(run.id())).isEmpty();
        assertThat(Runs.shared().live()).extracting(LiveRun::runId).doesNotContain(run.id());
    }

    @Test
    void theToolsThatARunIsInAreShown() throws Exception {
        var gates = List.of(new Gate(), new Gate());
        var run = Agent.builder()
                .model(TestModel.of(calls("fetch", "search")))
                .tools(waits("search", gates.get(0)), waits("fetch", gates.get(1)))
                .build()
                .start("Go");
        gates.get(0).awaitReached();
        gates.get(1).awaitReached();
        assertThat(Runs.shared().find(run.id()).orElseThrow().activity()).isEqualTo("tool fetch, tool search");
        run.cancel();
        Events.end(run);
    }

    @Test
    void liveRunsAreListedOldestFirstAndBySessionAndUser() {
        var first = start(options().sessionId(session));
        var second = start(options().sessionId(session).userId(user));
        var third = start(options().userId(user));
        assertThat(Runs.shared().liveInSession(session))
                .extracting(LiveRun::runId)
                .containsExactly(first.id(), second.id());
        assertThat(Runs.shared().liveOfUser(user)).extracting(LiveRun::runId).containsExactly(second.id(), third.id());
        assertThat(Runs.shared().live())
                .extracting(LiveRun::runId)
                .containsSubsequence(first.id(), second.id(), third.id());
    }

    @Test
    void childrenAreListedWithTheirParents() throws Exception {
        var member = Agent.of(model, "");
        var run = Agent.builder()
                .model(TestModel.of(calls("ask")))
                .tools(tool("ask", context -> member.run("Ask").text()))
                .build()
                .start("Go", options().sessionId(session));
        model.awaitRequests(1);
        assertThat(Runs.shared().liveInSession(session))
                .extracting(LiveRun::parentRunId)
                .containsExactly(null, run.id());
        run.cancel();
        Events.end(run);
        assertThat(Runs.shared().liveInSession(session)).isEmpty();
    }

    @Test
    void cancellingASessionStopsItsRootRunsAndAnswersOncePerRun() throws Exception {
        var member = Agent.of(model, "");
        var leader = Agent.builder()
                .model(TestModel.of(calls("ask")))
                .tools(tool("ask", context -> member.run("Ask").text()))
                .build()
                .start("Go", options().sessionId(session));
        model.awaitRequests(1);
        started.add(leader);
        var plain = start(options().sessionId(session));
        var other = start(options());
        var results = Runs.shared().cancelSession(session, CancelRequest.now().reason("session closed"));
        assertThat(results).extracting(CancelResult::runId).containsExactlyInAnyOrder(leader.id(), plain.id());
        assertThat(results).extracting(CancelResult::outcome).containsOnly(Outcome.REQUESTED);
        assertThat(Events.end(leader).isCancelled()).isTrue();
        assertThat(Events.end(plain).cause())
                .isNotNull()
                .satisfies(cause -> assertThat(cause.reason()).isEqualTo("session closed"));
        assertThat(other.status()).isEqualTo(RunStatus.RUNNING);
        assertThat(Runs.shared().cancelSession(session, CancelRequest.now())).isEmpty();
    }

    @Test
    void cancellingAUserStopsTheRootRunsOfThatUser() throws Exception {
        var first = start(options().userId(user));
        var other = start(options().userId("somebody else"));
        assertThat(Runs.shared().cancelUser(user, CancelRequest.now()))
                .extracting(CancelResult::runId)
                .containsExactly(first.id());
        assertThat(Events.end(first).isCancelled()).isTrue();
        assertThat(other.status()).isEqualTo(RunStatus.RUNNING);
    }

    @Test
    void cancellingAllStopsEverything() throws Exception {
        var runs = List.of(start(options()), start(options()), start(options()));
        var results = Runs.shared().cancelAll(CancelRequest.now());
        assertThat(results)
                .extracting(CancelResult::runId)
                .containsAll(runs.stream().map(RunHandle::id).toList());
        for (var run : runs) {
            assertThat(Events.end(run).isCancelled()).isTrue();
        }
        await().until(() -> Runs.shared().live().isEmpty());
    }

    @Test
    void aThousandThreadsThatCancelAtOnceAreOneStopAndAllAreToldTheTruth() throws Exception {
        var gate = new Gate();
        var run = Agent.builder()
                .model(TestModel.of(calls("deaf")))
                .tools(deaf("deaf", gate))
                .build()
                .start("Go");
        gate.awaitReached();
        var go = new CountDownLatch(1);
        var results = new ArrayList<CancelResult>();
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            var futures = new ArrayList<Future<CancelResult>>();
            for (var n = 0; n < 1_000; n++) {
                var request = CancelRequest.now().reason("thread " + n).grace(Duration.ofMinutes(1));
                futures.add(executor.submit(() -> {
                    go.await();
                    return Runs.shared().cancel(run.id(), request);
                }));
            }
            go.countDown();
            for (var future : futures) {
                results.add(future.get(20, TimeUnit.SECONDS));
            }
        }
        gate.open();
        var output = Events.end(run);
        assertThat(results).allSatisfy(result -> assertThat(result.cause()).isEqualTo(output.cause()));
        var outcomes = results.stream().map(CancelResult::outcome).toList();
        assertThat(Collections.frequency(outcomes, Outcome.REQUESTED)).isEqualTo(1);
        assertThat(Collections.frequency(outcomes, Outcome.ALREADY_REQUESTED)).isEqualTo(999);
        assertThat(Events.names(run)).containsOnlyOnce("RunCancelled");
    }
}
