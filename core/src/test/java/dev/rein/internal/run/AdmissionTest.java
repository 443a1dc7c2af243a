package dev.rein.internal.run;

import static dev.rein.agent.TestModel.says;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rein.agent.Agent;
import dev.rein.agent.Events;
import dev.rein.agent.Gate;
import dev.rein.agent.TestModel;
import dev.rein.agent.TestTools;
import dev.rein.cancel.CancelKind;
import dev.rein.model.ModelResponse;
import dev.rein.model.ToolCall;
import dev.rein.run.CancelResult;
import dev.rein.run.Decision;
import dev.rein.run.RunOutput;
import dev.rein.run.RunRejectedException;
import dev.rein.run.RunRejectedException.Reason;
import dev.rein.run.RunStatus;
import dev.rein.runtime.Limits;
import dev.rein.runtime.RunHandle;
import dev.rein.runtime.RunOptions;
import dev.rein.runtime.Runs;
import dev.rein.session.InMemorySessionStore;
import dev.rein.session.SessionPolicy;
import dev.rein.session.SessionStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** Which runs work, and which wait to be admitted. */
class AdmissionTest {
    private final List<String> worked = Collections.synchronizedList(new ArrayList<>());

    @AfterEach
    void unbounded() {
        Runs.shared().maxConcurrentRuns(Integer.MAX_VALUE, Integer.MAX_VALUE);
    }

    private RunHandle start(String name, int priority, Gate gate) {
        var model = TestModel.of((_, _) -> {
            worked.add(name);
            gate.pass();
            return ModelResponse.of(name);
        });
        return Agent.of(model, "").start(name, RunOptions.defaults().priority(priority));
    }

    private static AdmissionQueue.Ticket ticket(String name, String session) {
        return new AdmissionQueue.Ticket(
                name, new AdmissionQueue.SessionKey("store", session), SessionPolicy.QUEUE, true, 0, () -> {});
    }

    @Test
    void aRunThatGetsItsTurnBeforeItsRowIsKnownToBeStoredCountsAmongThoseThatWait() {
        var queue = new AdmissionQueue(Runnable::run);
        queue.limit(1, 0);
        var early = ticket("early", "a").withTurnFromStore();
        queue.enter(early);
        queue.enter(ticket("working", "b"));
        queue.giveTurn(early);

        assertThatThrownBy(() -> queue.entered(early))
                .isInstanceOfSatisfying(
                        RunRejectedException.class, e -> assertThat(e.reason()).isEqualTo(Reason.QUEUE_FULL));
    }

    @Test
    void runsQueueByPriorityAndThenByTheirStart() throws Exception {
        Runs.shared().maxConcurrentRuns(1, 10);
        var gate = new Gate();
        var first = start("first", 0, gate);
        gate.awaitReached();
        var open = new Gate();
        open.open();
        var others = List.of(start("low", -1, open), start("a", 0, open), start("high", 5, open), start("b", 0, open));
        assertThat(others).allMatch(run -> run.status() == RunStatus.PENDING);
        gate.open();
        for (var run : others) {
            assertThat(Events.end(run).isCompleted()).isTrue();
        }
        assertThat(Events.end(first).isCompleted()).isTrue();
        assertThat(worked).containsExactly("first", "high", "a", "b", "low");
    }

    @Test
    void aQueuedRunIsStoppedAtOnceAndNeverWorks() throws Exception {
        Runs.shared().maxConcurrentRuns(1, 10);
        var gate = new Gate();
        var first = start("first", 0, gate);
        gate.awaitReached();
        var queued = start("queued", 0, new Gate());
        assertThat(queued.cancel().stopping()).isTrue();
        assertThat(Events.end(queued).status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(Events.names(queued)).containsExactly("RunStarted", "RunCancelled");
        gate.open();
        assertThat(Events.end(first).isCompleted()).isTrue();
        assertThat(worked).containsExactly("first");
    }

    @Test
    void aFullQueueRefuses() throws Exception {
        Runs.shared().maxConcurrentRuns(1, 1);
        var gate = new Gate();
        var first = start("first", 0, gate);
        var second = start("second", 0, gate);
        assertThatThrownBy(() -> start("third", 0, gate))
                .isInstanceOf(RunRejectedException.class)
                .hasMessageContaining("1 background runs work and 1 queue");
        assertThat(Agent.of(TestModel.of(says("Hi")), "").run("Hello").isCompleted())
                .as("only background runs queue")
                .isTrue();
        gate.open();
        Events.end(first);
        Events.end(second);
    }

    @Test
    void aRunThatIsToBeginAtOnceDoesNotQueue() throws Exception {
        Runs.shared().maxConcurrentRuns(1, 1);
        var gate = new Gate();
        var first = start("first", 0, gate);
        var queued = start("queued", 0, gate);
        var urgent = Agent.of(TestModel.of(says("Hi")), "")
                .start("Go", RunOptions.defaults().bypassQueue(true));
        assertThat(Events.end(urgent).isCompleted()).isTrue();
        assertThat(queued.status()).isEqualTo(RunStatus.PENDING);
        gate.open();
        assertThat(Events.end(first).isCompleted()).isTrue();
        assertThat(Events.end(queued).isCompleted()).isTrue();
    }

    @Test
    void makingRoomStopsTheLowestPriorityAndTheYoungest() throws Exception {
        Runs.shared().maxConcurrentRuns(3, 10);
        var gate = new Gate();
        var old = start("old", 0, gate);
        var young = start("young", 0, gate);
        var high = start("high", 9, gate);
        var urgent = start("urgent", 10, gate);
        Awaitility.await().until(() -> worked.size() == 3);

        var results = Runs.shared().preempt(1);

        assertThat(results).hasSize(1);
        assertThat(results.getFirst().runId()).isEqualTo(young.id());
        assertThat(Objects.requireNonNull(Events.end(young).cause()).kind()).isEqualTo(CancelKind.USER);
        Awaitility.await().until(() -> worked.contains("urgent"));
        gate.open();
        for (var run : List.of(old, high, urgent)) {
            assertThat(Events.end(run).isCompleted()).isTrue();
        }
        assertThat(Runs.shared().preempt(2)).as("there is room").isEmpty();
    }

    @Test
    void aRunThatIsStoppingAlreadyMakesRoomOnce() throws Exception {
        Runs.shared().maxConcurrentRuns(2, 10);
        var gate = new Gate();
        var deaf = TestModel.of((_, _) -> {
            gate.passDeaf();
            return ModelResponse.of("x");
        });
        var old = Agent.of(deaf, "").start("old");
        var young = Agent.of(deaf, "").start("young");
        deaf.awaitRequests(2);

        assertThat(Runs.shared().preempt(1)).extracting(CancelResult::runId).containsExactly(young.id());
        assertThat(Runs.shared().preempt(1)).as("its slot will be free").isEmpty();
        assertThat(old.status()).isEqualTo(RunStatus.RUNNING);
        assertThat(Runs.shared().preempt(2)).extracting(CancelResult::runId).containsExactly(old.id());
        gate.open();
        Events.end(old);
        Events.end(young);
    }

    @Test
    void theWaitInTheQueueHasALimit() throws Exception {
        Runs.shared().maxConcurrentRuns(1, 10);
        var gate = new Gate();
        var first = start("first", 0, gate);
        gate.awaitReached();
        var queued = Agent.of(TestModel.of(says("x")), "")
                .start("Go", RunOptions.defaults().limits(Limits.none().queue(Duration.ofMillis(20))));
        var output = Events.end(queued);
        assertThat(Objects.requireNonNull(output.cause()).kind()).isEqualTo(CancelKind.DEADLINE);
        gate.open();
        Events.end(first);
    }

    @Test
    void aPausedRunLetsAnotherWork() throws Exception {
        Runs.shared().maxConcurrentRuns(1, 10);
        var agent = Agent.builder()
                .model(TestModel.of(TestModel.calls("pay"), says("Paid.")))
                .tools(TestTools.tool("pay", _ -> "ok").withConfirmation("Pay?"))
                .build();
        var paused = agent.start("Go");
        assertThat(paused.await(Duration.ofMinutes(1)).status()).isEqualTo(RunStatus.PAUSED);
        var gate = new Gate();
        var other = start("other", 0, gate);
        gate.awaitReached();
        var requirement = paused.output().requirements().getFirst().id();
        assertThat(Events.end(agent.continueRun(paused.id(), Decision.confirm(requirement)))
                        .isCompleted())
                .isTrue();
        gate.open();
        assertThat(Events.end(other).isCompleted()).isTrue();
    }

    // ---- sessions

    private final InMemorySessionStore store = new InMemorySessionStore();

    private RunHandle startQueued(SessionStore where, String name, int priority, Gate gate) {
        var model = TestModel.of((_, _) -> {
            worked.add(name);
            gate.pass();
            return ModelResponse.of(name);
        });
        return Agent.builder()
                .model(model)
                .store(where)
                .sessionPolicy(SessionPolicy.QUEUE)
                .build()
                .start(name, RunOptions.defaults().sessionId("S").priority(priority));
    }

    private RunHandle startQueued(String name, int priority, Gate gate) {
        return startQueued(store, name, priority, gate);
    }

    private static Gate open() {
        var gate = new Gate();
        gate.open();
        return gate;
    }

    @Test
    void aLaterRunOfASessionWithAHigherPriorityWaitsForTheEarlierOne() throws Exception {
        Runs.shared().maxConcurrentRuns(1, 10);
        var gate = new Gate();
        var blocker = start("blocker", 0, gate);
        gate.awaitReached();
        var first = startQueued("first", 0, open());
        var second = startQueued("second", 9, open());
        var unrelated = start("unrelated", 0, open());
        gate.open();
        for (var run : List.of(blocker, first, second, unrelated)) {
            assertThat(Events.end(run).isCompleted()).isTrue();
        }
        assertThat(worked).containsExactly("blocker", "first", "second", "unrelated");
    }

    @Test
    void aRunThatWaitsForItsSessionTakesNoSlot() throws Exception {
        Runs.shared().maxConcurrentRuns(2, 10);
        var gate = new Gate();
        var first = startQueued("first", 0, gate);
        gate.awaitReached();
        var second = startQueued("second", 0, open());
        var third = startQueued("third", 0, open());
        assertThat(Events.end(start("unrelated", 0, open())).isCompleted()).isTrue();
        assertThat(List.of(second, third)).allMatch(run -> run.status() == RunStatus.PENDING);
        gate.open();
        for (var run : List.of(first, second, third)) {
            assertThat(Events.end(run).isCompleted()).isTrue();
        }
    }

    @Test
    void backgroundRunsThatWaitForTheirSessionCountAsQueued() throws Exception {
        Runs.shared().maxConcurrentRuns(5, 1);
        var gate = new Gate();
        var first = startQueued("first", 0, gate);
        gate.awaitReached();
        var second = startQueued("second", 0, open());
        assertThatThrownBy(() -> startQueued("third", 0, open()))
                .isInstanceOf(RunRejectedException.class)
                .hasMessageContaining("1 background runs work and 1 queue");
        gate.open();
        for (var run : List.of(first, second)) {
            assertThat(Events.end(run).isCompleted()).isTrue();
        }
    }

    @Test
    void sessionsOfTwoStoresDoNotWaitForEachOther() throws Exception {
        var gate = new Gate();
        var first = startQueued("first", 0, gate);
        gate.awaitReached();
        assertThat(Events.end(startQueued(new InMemorySessionStore(), "other", 0, open()))
                        .isCompleted())
                .isTrue();
        gate.open();
        assertThat(Events.end(first).isCompleted()).isTrue();
    }

    private Agent asking(TestModel model) {
        return Agent.builder()
                .model(model)
                .tools(TestTools.tool("pay", _ -> "ok").withConfirmation("Pay?"))
                .store(store)
                .sessionPolicy(SessionPolicy.QUEUE)
                .build();
    }

    private static Decision confirm(RunOutput output) {
        return Decision.confirm(output.requirements().getFirst().id());
    }

    @Test
    void aPausedRunGivesItsTurnToTheNextAndGoesOnWithoutWaiting() throws Exception {
        var agent = asking(TestModel.of(TestModel.calls("pay"), says("Paid.")));
        var paused = agent.start("Go", RunOptions.defaults().sessionId("S"));
        assertThat(paused.await(Duration.ofMinutes(1)).status()).isEqualTo(RunStatus.PAUSED);
        var gate = new Gate();
        var next = startQueued("next", 0, gate);
        gate.awaitReached();
        agent.continueRun(paused.id(), confirm(paused.output()));
        assertThat(Events.end(paused).isCompleted()).isTrue();
        gate.open();
        assertThat(Events.end(next).isCompleted()).isTrue();
    }

    @Test
    void aResumedRunHoldsItsTurnAgain() throws Exception {
        var gate = new Gate();
        var agent = asking(TestModel.of(TestModel.calls("pay"), (_, _) -> {
            gate.pass();
            return ModelResponse.of("Paid.");
        }));
        var paused = agent.start("Go", RunOptions.defaults().sessionId("S"));
        assertThat(paused.await(Duration.ofMinutes(1)).status()).isEqualTo(RunStatus.PAUSED);
        agent.continueRun(paused.id(), confirm(paused.output()));
        gate.awaitReached();
        var next = startQueued("next", 0, open());
        assertThat(next.status()).isEqualTo(RunStatus.PENDING);
        gate.open();
        assertThat(Events.end(paused).isCompleted()).isTrue();
        assertThat(Events.end(next).isCompleted()).isTrue();
    }

    @Test
    void aForegroundRunThatWasPausedIsNoBackgroundRun() throws Exception {
        Runs.shared().maxConcurrentRuns(1, 10);
        var gate = new Gate();
        var agent = asking(TestModel.of(TestModel.calls("pay"), (_, _) -> {
            gate.pass();
            return ModelResponse.of("Paid.");
        }));
        var output = agent.run("Go");
        var resumed = agent.continueRun(output.runId(), confirm(output));
        gate.awaitReached();
        assertThat(Events.end(start("background", 0, open())).isCompleted()).isTrue();
        gate.open();
        assertThat(Events.end(resumed).isCompleted()).isTrue();
    }

    /** Sessions, priorities, pauses, stops and refused starts at random: every run ends, and the slots are free afterwards. */
    @RepeatedTest(3)
    void noOrderOfArrivalsPausesAndEndsLeavesARunWaiting() throws Exception {
        Runs.shared().maxConcurrentRuns(2, Integer.MAX_VALUE);
        var seed = System.nanoTime();
        var random = new Random(seed);
        var asking = asking(TestModel.of(
                (request, _) -> request.messages().getLast().content().equals("Go")
                        ? new ModelResponse("", null, List.of(new ToolCall("1", "pay", "{}")), null, null)
                        : ModelResponse.of("Paid.")));
        var quick = Agent.builder()
                .model(TestModel.of((_, _) -> ModelResponse.of("ok")))
                .store(store);
        var agents = List.of(
                asking,
                quick.sessionPolicy(SessionPolicy.QUEUE).build(),
                quick.sessionPolicy(SessionPolicy.ALLOW).build(),
                quick.sessionPolicy(SessionPolicy.REJECT).build());
        quick.build().run("Go", RunOptions.defaults().runId("used"));
        var runs = Collections.synchronizedList(new ArrayList<RunHandle>());
        var threads = new ArrayList<Thread>();
        for (var t = 0; t < 4; t++) {
            var own = new Random(random.nextLong());
            threads.add(Thread.ofVirtual().start(() -> {
                for (var i = 0; i < 100; i++) {
                    var options = RunOptions.defaults()
                            .priority(own.nextInt(3))
                            .sessionId("s" + own.nextInt(3))
                            .runId(own.nextInt(10) == 0 ? "used" : null)
                            .bypassQueue(own.nextInt(10) == 0);
                    try {
                        var run = agents.get(own.nextInt(agents.size())).start("Go", options);
                        runs.add(run);
                        if (own.nextInt(8) == 0) {
                            run.cancel();
                        }
                    } catch (RunRejectedException e) {
                        assertThat(e.reason()).isIn(Reason.ID_USED, Reason.ID_LIVE, Reason.SESSION_BUSY);
                    }
                }
            }));
        }
        for (var thread : threads) {
            thread.join();
        }
        for (var run : runs) {
            var output = Events.end(run);
            if (output.status() == RunStatus.PAUSED) {
                if (random.nextInt(4) == 0) {
                    run.cancel();
                } else {
                    asking.continueRun(run.id(), confirm(output));
                }
                output = Events.end(run);
            }
            assertThat(output.status()).as("run with seed %d", seed).isIn(RunStatus.COMPLETED, RunStatus.CANCELLED);
        }
        assertThat(Runs.shared().live()).isEmpty();
        assertThat(Runs.shared().preempt(2)).as("every slot is free").isEmpty();
    }

    // ---- many

    @Test
    void neverMoreWorkThanMayAndNoneIsForgotten() throws Exception {
        var most = 3;
        Runs.shared().maxConcurrentRuns(most, Integer.MAX_VALUE);
        var now = new AtomicInteger();
        var peak = new AtomicInteger();
        var model = TestModel.of((_, call) -> {
            peak.accumulateAndGet(now.incrementAndGet(), Math::max);
            try {
                call.cancellation().sleep(Duration.ofNanos(100_000));
            } finally {
                now.decrementAndGet();
            }
            return ModelResponse.of("ok");
        });
        var agent = Agent.of(model, "");
        var runs = new ArrayList<RunHandle>();
        for (var i = 0; i < 2_000; i++) {
            var run = agent.start("Go", RunOptions.defaults().priority(i % 5));
            runs.add(run);
            if (i % 7 == 0) {
                run.cancel();
            }
        }
        for (var run : runs) {
            assertThat(Events.end(run).status()).isIn(RunStatus.COMPLETED, RunStatus.CANCELLED);
        }
        assertThat(peak).hasValue(most);
        assertThat(Runs.shared().live()).isEmpty();
    }
}
