package dev.rein.cancel;

import static dev.rein.agent.TestModel.calls;
import static dev.rein.agent.TestModel.says;
import static dev.rein.agent.TestTools.tool;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.rein.GrowingLimit;
import dev.rein.agent.Agent;
import dev.rein.agent.Events;
import dev.rein.agent.Gate;
import dev.rein.agent.TestModel;
import dev.rein.agent.TestTools;
import dev.rein.run.RunContext;
import dev.rein.run.RunOutput;
import dev.rein.runtime.RunHandle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** The read side of a stop in tools. */
class CancellationTest {
    private final Gate gate = new Gate();
    private final List<String> seen = Collections.synchronizedList(new ArrayList<>());
    private final AtomicReference<Thread> tool = new AtomicReference<>();

    /** Starts a run with one tool. */
    private static RunHandle start(TestTools.Code code) {
        return Agent.builder()
                .model(TestModel.of(calls("work"), says("done")))
                .tools(tool("work", code))
                .build()
                .start("Go");
    }

    /** Stops the run with a grace period longer than any wait of a test, so that nothing passes only because it expires. */
    private static RunOutput cancelled(RunHandle run) throws InterruptedException {
        run.cancel(CancelRequest.now().reason("enough").grace(Duration.ofMinutes(5)));
        var output = Events.end(run);
        assertThat(output.isCancelled()).isTrue();
        assertThat(output.abandoned()).isEmpty();
        return output;
    }

    private boolean toolWaits() {
        var thread = tool.get();
        return thread != null
                && (thread.getState() == Thread.State.WAITING || thread.getState() == Thread.State.TIMED_WAITING);
    }

    /** Waits until the tool has published its thread and blocks. */
    private void awaitWaiting() {
        await().until(this::toolWaits);
    }

    @Test
    void anAborterEndsAWaitThatAnInterruptDoesNot() throws Exception {
        var run = start(context -> {
            try (var abort = context.cancellation().onCancel(gate::open)) {
                gate.passDeaf();
                return "not used";
            }
        });
        gate.awaitReached();
        cancelled(run);
    }

    @Test
    void everyAborterRunsOnceAndNoneThatWasTakenBack() throws Exception {
        var aborted = new AtomicInteger();
        var takenBack = new AtomicInteger();
        var run = start(context -> {
            var cancellation = context.cancellation();
            cancellation.onCancel(takenBack::incrementAndGet).close();
            for (var n = 0; n < 20; n++) {
                cancellation.onCancel(aborted::incrementAndGet);
            }
            gate.pass();
            return "x";
        });
        gate.awaitReached();
        cancelled(run);
        assertThat(aborted).hasValue(20);
        assertThat(takenBack).hasValue(0);
    }

    @Test
    void anAborterOfAStoppedRunRunsAtOnce() throws Exception {
        var run = start(context -> {
            try {
                gate.pass();
            } catch (InterruptedException e) {
                context.cancellation()
                        .onCancel(() ->
                                seen.add("aborted on " + Thread.currentThread().getName()))
                        .close();
                seen.add("after");
            }
            return "x";
        });
        gate.awaitReached();
        cancelled(run);
        assertThat(seen).containsExactly("aborted on rein-tool work", "after");
    }

    @Test
    void takingBackAnAborterThatRunsWaitsForItsEnd() throws Exception {
        var aborting = new Gate();
        var run = start(context -> {
            var abort = context.cancellation().onCancel(() -> {
                gate.open();
                aborting.pass();
                seen.add("aborter is over");
            });
            gate.passDeaf();
            aborting.awaitReached();
            tool.set(Thread.currentThread());
            Thread.ofVirtual().start(() -> {
                await().until(() -> toolWaits() || seen.contains("closed"));
                aborting.open();
            });
            abort.close();
            seen.add("closed");
            return "x";
        });
        gate.awaitReached();
        cancelled(run);
        assertThat(seen).containsExactly("aborter is over", "closed");
    }

    @Test
    void theThreadIsInterruptedAMomentAfterAnAborterThatDidNotHelp() throws Exception {
        var run = start(context -> {
            try (var abort = context.cancellation().onCancel(() -> seen.add("aborter"))) {
                gate.pass();
            } catch (InterruptedException e) {
                seen.add("interrupt");
            }
            return "x";
        });
        gate.awaitReached();
        cancelled(run);
        assertThat(seen).containsExactly("aborter", "interrupt");
    }

    @Test
    void sleepEndsWithAStop() throws Exception {
        var caught = new AtomicReference<CancelledException>();
        var run = start(context -> {
            tool.set(Thread.currentThread());
            try {
                context.cancellation().sleep(Duration.ofHours(1));
            } catch (CancelledException e) {
                caught.set(e);
            }
            return "x";
        });
        awaitWaiting();
        var output = cancelled(run);
        assertThat(caught.get()).hasMessage("Run " + run.id() + " was cancelled: enough");
        assertThat(caught.get().runId()).isEqualTo(run.id());
        assertThat(caught.get().cancelCause()).isEqualTo(output.cause());
        assertThat(caught.get().getStackTrace()).isEmpty();
    }

    @Test
    void sleepSleepsAsLongAsItIsTold() throws Exception {
        var run = start(context -> {
            var began = System.nanoTime();
            context.cancellation().sleep(Duration.ofMillis(50));
            return System.nanoTime() - began >= 50_000_000;
        });
        assertThat(Events.end(run).tools().getFirst().result()).isEqualTo("true");
    }

    @Test
    void awaitOfAFutureEndsWithAStopAndCancelsIt() throws Exception {
        var future = new CompletableFuture<String>();
        var run = start(context -> {
            tool.set(Thread.currentThread());
            return context.cancellation().await(future, null);
        });
        awaitWaiting();
        cancelled(run);
        assertThat(future).isCancelled();
    }

    @Test
    void awaitOfAFutureGivesItsValueItsFailureOrATimeout() throws Exception {
        var run = start(context -> {
            var cancellation = context.cancellation();
            assertThat(cancellation.await(CompletableFuture.completedFuture("value"), null))
                    .isEqualTo("value");
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(() -> cancellation.await(
                            CompletableFuture.failedFuture(new IllegalStateException("broken")), null))
                    .withRootCauseInstanceOf(IllegalStateException.class);
            assertThatExceptionOfType(TimeoutException.class)
                    .isThrownBy(() -> cancellation.await(new CompletableFuture<>(), Duration.ofMillis(10)));
            return "all seen";
        });
        assertThat(Events.end(run).tools().getFirst().result()).isEqualTo("all seen");
    }

    @Test
    void aGracefulStopIsSeenButDoesNotCancelTheToolItSpares() throws Exception {
        var run = start(context -> {
            var cancellation = context.cancellation();
            seen.add(cancellation.isStopRequested() + " " + cancellation.cause());
            gate.pass();
            seen.add(cancellation.isStopRequested() + " " + cancellation.isCancelled() + " "
                    + Objects.requireNonNull(cancellation.cause()).reason());
            cancellation.throwIfCancelled();
            return "spared";
        });
        gate.awaitReached();
        run.cancel(CancelRequest.afterTools().reason("soon"));
        gate.open();
        assertThat(Events.end(run).tools().getFirst().result()).isEqualTo("spared");
        assertThat(seen.getFirst()).isEqualTo("false null");
        assertThat(seen.getLast()).isEqualTo("true false soon");
    }

    @Test
    void theToolThatTimedOutIsCancelledAloneAndShowsNothingMore() throws Exception {
        var run = GrowingLimit.play(this::runWhoseToolTimesOut, _ -> !seen.isEmpty());
        assertThat(seen).containsExactly("cancelled true");
        assertThat(Events.names(run)).doesNotContain("CustomEvent");
    }

    private RunHandle runWhoseToolTimesOut(Duration limit) throws InterruptedException {
        var run = Agent.builder()
                .model(TestModel.of(calls("work"), says("done")))
                .tools(tool("work", context -> {
                            try {
                                new Gate().pass();
                            } catch (InterruptedException e) {
                                seen.add("cancelled " + context.cancellation().isCancelled());
                                context.emit("late", Map.of());
                            }
                            return "x";
                        })
                        .withTimeout(limit))
                .build()
                .start("Go");
        assertThat(Events.end(run).isCompleted()).isTrue();
        return run;
    }

    @Test
    void nothingIsShownAfterTheLastEventOfARunThatCompleted() throws Exception {
        var context = new AtomicReference<RunContext>();
        var run = start(inside -> {
            context.set(inside);
            return "kept";
        });
        assertThat(Events.end(run).isCompleted()).isTrue();
        var events = Events.of(run);
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> Objects.requireNonNull(context.get()).emit("late", Map.of()))
                .withMessageContaining("run " + run.id() + " has ended");
        assertThat(Events.of(run)).isEqualTo(events);
    }

    @Test
    void aToolsCancellationOfAnEndedRunIsNotCancelled() throws Exception {
        var context = new AtomicReference<RunContext>();
        var run = start(inside -> {
            context.set(inside);
            return "kept";
        });
        Events.end(run);
        run.cancel();
        assertThat(Objects.requireNonNull(context.get()).cancellation().isCancelled())
                .isFalse();
    }
}
