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
import dev.rein.run.Decision;
import dev.rein.run.RunRejectedException;
import dev.rein.run.RunStatus;
import dev.rein.runtime.Limits;
import dev.rein.runtime.RunHandle;
import dev.rein.runtime.RunOptions;
import dev.rein.runtime.Runs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The queue of background runs. */
class BackgroundQueueTest {
    private final List<String> worked = Collections.synchronizedList(new ArrayList<>());

    @AfterEach
    void unbounded() {
        Runs.maxConcurrentRuns(Integer.MAX_VALUE, Integer.MAX_VALUE);
    }

    private RunHandle start(String name, int priority, Gate gate) {
        var model = TestModel.of((_, _) -> {
            worked.add(name);
            gate.pass();
            return ModelResponse.of(name);
        });
        return Agent.of(model, "").start(name, RunOptions.defaults().priority(priority));
    }

    @Test
    void runsQueueByPriorityAndThenByTheirStart() throws Exception {
        Runs.maxConcurrentRuns(1, 10);
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
        Runs.maxConcurrentRuns(1, 10);
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
        Runs.maxConcurrentRuns(1, 1);
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
        Runs.maxConcurrentRuns(1, 1);
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
        Runs.maxConcurrentRuns(3, 10);
        var gate = new Gate();
        var old = start("old", 0, gate);
        var young = start("young", 0, gate);
        var high = start("high", 9, gate);
        var urgent = start("urgent", 10, gate);
        Awaitility.await().until(() -> worked.size() == 3);

        var results = Runs.preempt(1);

        assertThat(results).hasSize(1);
        assertThat(results.getFirst().runId()).isEqualTo(young.id());
        assertThat(Objects.requireNonNull(Events.end(young).cause()).kind()).isEqualTo(CancelKind.USER);
        Awaitility.await().until(() -> worked.contains("urgent"));
        gate.open();
        for (var run : List.of(old, high, urgent)) {
            assertThat(Events.end(run).isCompleted()).isTrue();
        }
        assertThat(Runs.preempt(2)).as("there is room").isEmpty();
    }

    @Test
    void theWaitInTheQueueHasALimit() throws Exception {
        Runs.maxConcurrentRuns(1, 10);
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
        Runs.maxConcurrentRuns(1, 10);
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

    @Test
    void neverMoreWorkThanMayAndNoneIsForgotten() throws Exception {
        var most = 3;
        Runs.maxConcurrentRuns(most, Integer.MAX_VALUE);
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
        assertThat(Runs.live()).isEmpty();
    }
}
