package dev.rein.run;

import static dev.rein.agent.TestModel.calls;
import static dev.rein.agent.TestModel.says;
import static dev.rein.agent.TestTools.deaf;
import static dev.rein.agent.TestTools.tool;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.rein.GrowingLimit;
import dev.rein.agent.Agent;
import dev.rein.agent.Events;
import dev.rein.agent.Gate;
import dev.rein.agent.TestModel;
import dev.rein.cancel.CancelRequest;
import dev.rein.model.ModelResponse;
import dev.rein.run.RunRejectedException.Reason;
import dev.rein.run.event.RunCancelled;
import dev.rein.runtime.RunOptions;
import dev.rein.runtime.Runs;
import dev.rein.session.InMemorySessionStore;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Code that ignores a stop does not delay it. */
class AbandonedTest {
    private static final CancelRequest SOON = CancelRequest.now().grace(Duration.ofMillis(100));

    private final Gate gate = new Gate();
    private int before;

    @BeforeEach
    void count() {
        before = Runs.shared().abandonedThreads();
    }

    @AfterEach
    void nobodyIsLeftBehind() {
        gate.open();
        await().until(() -> Runs.shared().abandonedThreads() == before);
    }

    @Test
    void aDeafToolIsLeftBehindAfterItsGraceWithItsStack() throws Exception {
        var run = Agent.builder()
                .model(TestModel.of(calls("deaf"), says("never")))
                .tools(deaf("deaf", gate))
                .build()
                .start("Go");
        gate.awaitReached();
        run.cancel(SOON);
        var output = Events.end(run);
        assertThat(output.isCancelled()).isTrue();
        assertThat(output.stopTook()).isNotNull().isGreaterThanOrEqualTo(Duration.ofMillis(100));
        assertThat(output.abandoned()).singleElement().satisfies(left -> {
            assertThat(left.what()).isEqualTo("tool deaf");
            assertThat(left.thread()).isEqualTo("rein-tool deaf");
            assertThat(left.stack()).hasSizeLessThanOrEqualTo(64).anyMatch(frame -> frame.contains("Gate.passDeaf"));
        });
        assertThat(Events.only(RunCancelled.class, Events.of(run)).getFirst().abandoned())
                .isEqualTo(output.abandoned());
        assertThat(Runs.shared().abandonedThreads()).isEqualTo(before + 1);
        assertThat(Runs.shared().find(run.id())).isEmpty();
    }

    @Test
    void itsLateResultIsDroppedAndChangesNothing() throws Exception {
        var store = new InMemorySessionStore();
        var late = new AtomicBoolean();
        var model = TestModel.of(calls("deaf"), says("never"));
        var run = Agent.builder()
                .model(model)
                .store(store)
                .storeWait(Duration.ofMinutes(1))
                .tools(tool("deaf", context -> {
                    gate.passDeaf();
                    context.sessionState().put("late", "write");
                    late.set(true);
                    return "late result";
                }))
                .build()
                .start("Go", RunOptions.defaults().sessionId("s-late"));
        gate.awaitReached();
        run.cancel(SOON);
        var output = Events.end(run);
        var events = Events.of(run);
        var row = store.run(run.id()).orElseThrow();
        gate.open();
        await().untilTrue(late);
        await().until(() -> Runs.shared().abandonedThreads() == before);
        assertThat(run.output()).isEqualTo(output);
        assertThat(Events.of(run)).isEqualTo(events);
        assertThat(store.run(run.id())).contains(row);
        assertThat(row.messages()).noneMatch(message -> message.content().contains("late result"));
        assertThat(store.session("s-late").orElseThrow().state()).isEmpty();
        assertThat(output.sessionState()).isEmpty();
        assertThat(model.requests()).hasSize(1);
    }

    @Test
    void whatItShowsAfterTheEndIsNotShown() throws Exception {
        var thrown = new AtomicReference<Throwable>();
        var run = Agent.builder()
                .model(TestModel.of(calls("deaf")))
                .tools(tool("deaf", context -> {
                    gate.passDeaf();
                    try {
                        context.emit("late", Map.of());
                    } catch (RuntimeException e) {
                        thrown.set(e);
                    }
                    return "x";
                }))
                .build()
                .start("Go");
        gate.awaitReached();
        run.cancel(SOON);
        Events.end(run);
        gate.open();
        await().until(() -> thrown.get() != null);
        assertThat(Events.names(run)).endsWith("RunCancelled");
    }

    @Test
    void aToolThatSwallowsTheInterruptButReturnsIsNotAbandonedAndItsValueIsNotUsed() throws Exception {
        var model = TestModel.of(calls("swallow"), says("never"));
        var run = Agent.builder()
                .model(model)
                .tools(tool("swallow", context -> {
                    try {
                        gate.pass();
                    } catch (InterruptedException e) {
                        // Ignored on purpose.
                    }
                    return "ok";
                }))
                .build()
                .start("Go");
        gate.awaitReached();
        run.cancel();
        var output = Events.end(run);
        assertThat(output.isCancelled()).isTrue();
        assertThat(output.abandoned()).isEmpty();
        assertThat(output.messages()).noneMatch(message -> message.content().equals("ok"));
        assertThat(model.requests()).hasSize(1);
    }

    @Test
    void aDeafHookBeforeDoesNotHoldUpTheStop() throws Exception {
        var model = TestModel.of(says("never"));
        var run = Agent.builder()
                .model(model)
                .before("deaf", (input, context) -> {
                    gate.passDeaf();
                    return input;
                })
                .build()
                .start("Go");
        gate.awaitReached();
        run.cancel(SOON);
        var output = Events.end(run);
        assertThat(output.isCancelled()).isTrue();
        assertThat(output.abandoned()).singleElement().satisfies(left -> {
            assertThat(left.what()).contains(run.id());
            assertThat(left.stack()).anyMatch(frame -> frame.contains("Gate.passDeaf"));
        });
        gate.open();
        await().until(() -> Runs.shared().abandonedThreads() == before);
        assertThat(model.requests()).isEmpty();
        assertThat(Events.names(run)).endsWith("PreHookStarted", "RunCancelled");
    }

    @Test
    void aDeafModelDoesNotHoldUpTheStopAndSaysNothingAfterIt() throws Exception {
        var refused = new AtomicReference<Throwable>();
        var run = Agent.of(
                        TestModel.of((request, call) -> {
                            call.text("before");
                            gate.passDeaf();
                            try {
                                call.text("after");
                            } catch (RuntimeException e) {
                                refused.set(e);
                            }
                            return ModelResponse.of("before and after");
                        }),
                        "")
                .start("Go");
        gate.awaitReached();
        run.cancel(SOON);
        var output = Events.end(run);
        assertThat(output.isCancelled()).isTrue();
        assertThat(output.abandoned())
                .singleElement()
                .satisfies(left -> assertThat(left.what()).contains("waiting for test-model"));
        gate.open();
        await().until(() -> refused.get() != null);
        assertThat(run.output().text()).isEqualTo("before");
    }

    @Test
    void aHangingAborterHoldsUpNeitherTheCallerNorTheOthersNorTheEnd() throws Exception {
        var output = GrowingLimit.play(
                this::stoppedWithAHangingAborter, stopped -> stopped.abandoned().size() == 1);
        assertThat(output.isCancelled()).isTrue();
        assertThat(output.abandoned()).singleElement().satisfies(left -> {
            assertThat(left.what()).isEqualTo("aborter of run " + output.runId());
            assertThat(left.stack()).anyMatch(frame -> frame.contains("Gate.passDeaf"));
        });
    }

    private RunOutput stoppedWithAHangingAborter(Duration grace) throws InterruptedException {
        var hanging = new Gate();
        var waiting = new Gate();
        var run = Agent.of(
                        TestModel.of((request, call) -> {
                            try (var first = call.cancellation().onCancel(hanging::passDeaf);
                                    var other = call.cancellation().onCancel(() -> {
                                        // Else the model may have taken its hanging aborter back before its turn.
                                        hanging.awaitReached();
                                        waiting.open();
                                    })) {
                                waiting.passDeaf();
                                throw new IllegalStateException("closed");
                            }
                        }),
                        "")
                .start("Go");
        try {
            waiting.awaitReached();
            run.cancel(CancelRequest.now().grace(grace));
            var output = Events.end(run);
            assertThat(waiting.isOpen()).as("the other aborter ran").isTrue();
            return output;
        } finally {
            hanging.open();
        }
    }

    @Test
    void anAborterThatThrowsKeepsTheOthersFromNothing() throws Exception {
        var model = TestModel.of((request, call) -> {
            try (var broken = call.cancellation().onCancel(() -> {
                        throw new IllegalStateException("aborter is broken");
                    });
                    var opener = call.cancellation().onCancel(gate::open)) {
                gate.passDeaf();
                throw new IllegalStateException("closed");
            }
        });
        var run = Agent.of(model, "").start("Go");
        gate.awaitReached();
        run.cancel();
        var output = Events.end(run);
        assertThat(output.isCancelled()).isTrue();
        assertThat(output.abandoned()).isEmpty();
    }

    @Test
    void tooManyAbandonedThreadsDegradeTheHealthAndRefuseRunsWithThatTool() throws Exception {
        var most = 16 * Runtime.getRuntime().availableProcessors();
        var arrived = new CountDownLatch(most);
        var agent = Agent.builder()
                .model(TestModel.of(calls(Collections.nCopies(most, "deaf").toArray(String[]::new)), says("never")))
                .tools(tool("deaf", context -> {
                    arrived.countDown();
                    gate.passDeaf();
                    return "x";
                }))
                .build();
        var run = agent.start("Go");
        assertThat(arrived.await(1, TimeUnit.MINUTES)).isTrue();
        assertThat(Runs.shared().healthy()).isTrue();
        run.cancel(SOON);
        assertThat(Events.end(run).abandoned()).hasSize(most);
        assertThat(Runs.shared().healthy()).isFalse();
        assertThatExceptionOfType(RunRejectedException.class)
                .isThrownBy(() -> agent.start("Go"))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.TOO_MANY_ABANDONED))
                .withMessageContaining("tool deaf");
        assertThat(Agent.of(TestModel.of(says("fine")), "").run("Go").isCompleted())
                .as("a run without that tool")
                .isTrue();
        gate.open();
        await().until(Runs.shared()::healthy);
        assertThat(agent.run("Go").text()).isEqualTo("never");
    }
}
