package dev.rein.run;

import static dev.rein.agent.TestModel.calls;
import static dev.rein.agent.TestModel.hangs;
import static dev.rein.agent.TestModel.says;
import static dev.rein.agent.TestTools.tool;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rein.GrowingLimit;
import dev.rein.agent.Agent;
import dev.rein.agent.AgentBuilder;
import dev.rein.agent.Events;
import dev.rein.agent.Gate;
import dev.rein.agent.TestModel;
import dev.rein.agent.TestTools;
import dev.rein.cancel.CancelCause;
import dev.rein.cancel.CancelKind;
import dev.rein.cancel.CancelRequest;
import dev.rein.runtime.CancelHook;
import dev.rein.runtime.Runs;
import dev.rein.session.InMemorySessionStore;
import dev.rein.session.StateChange;
import dev.rein.session.StoredRun;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Cleanup after a stop: shielded, concurrent, bounded. */
class CleanupTest {
    private final List<String> order = Collections.synchronizedList(new ArrayList<>());
    private final TestModel model = TestModel.of(hangs());

    private AgentBuilder agent() {
        return Agent.builder().model(model);
    }

    private RunOutput startAndCancel(AgentBuilder builder) throws InterruptedException {
        var run = builder.build().start("Go");
        model.awaitRequests(1);
        run.cancel(CancelRequest.now().reason("enough"));
        return Events.end(run);
    }

    @Test
    void aHookRunsUninterruptedWithTheCauseAfterTheRunsOwnCodeHasLeft() throws Exception {
        var cause = new AtomicReference<CancelCause>();
        var interrupted = new AtomicReference<Boolean>();
        var gate = new Gate();
        var run = Agent.builder()
                .model(TestModel.of(calls("slow")))
                .tools(tool("slow", context -> {
                    try {
                        gate.pass();
                    } finally {
                        order.add("tool has left");
                    }
                    return "x";
                }))
                .onCancel((context, why) -> {
                    cause.set(why);
                    // Throws if it was interrupted.
                    Thread.sleep(20); // what a hook takes
                    interrupted.set(Thread.currentThread().isInterrupted());
                    order.add("hook of " + context.runId());
                })
                .build()
                .start("Go");
        gate.awaitReached();
        run.cancel(CancelRequest.now().reason("enough"));
        var output = Events.end(run);
        assertThat(order).containsExactly("tool has left", "hook of " + run.id());
        assertThat(interrupted.get()).isFalse();
        assertThat(cause.get()).isEqualTo(output.cause());
        assertThat(cause.get().reason()).isEqualTo("enough");
    }

    @Test
    void hooksAreOverBeforeTheLastEvent() throws Exception {
        var gate = new Gate();
        var run = agent().onCancel((context, cause) -> {
                    gate.pass();
                    order.add("hook is over");
                })
                .build()
                .start("Go");
        model.awaitRequests(1);
        var reader = Thread.ofVirtual().start(() -> Events.of(run).forEach(event -> order.add(event.name())));
        run.cancel();
        gate.awaitReached();
        await().until(() -> reader.getState() == Thread.State.WAITING || !reader.isAlive());
        assertThat(Runs.shared().find(run.id()).orElseThrow().status()).isEqualTo(RunStatus.CANCELLING);
        assertThat(run.status()).isEqualTo(RunStatus.CANCELLING);
        assertThat(run.output().stopTook()).as("it has not ended").isNull();
        gate.open();
        reader.join();
        assertThat(order).containsExactly("hook is over", "RunStarted", "ModelRequestStarted", "RunCancelled");
    }

    @Test
    void hooksRunAtOnce() throws Exception {
        var barrier = new CyclicBarrier(3);
        CancelHook meet = (context, cause) -> {
            barrier.await(1, TimeUnit.MINUTES);
            order.add("met");
        };
        var output = startAndCancel(agent().onCancel(meet)
                .onCancel(meet)
                .onCancel(meet)
                .hookTimeouts(Duration.ofMinutes(1), Duration.ofMinutes(1)));
        assertThat(order).containsExactly("met", "met", "met");
        assertThat(output.abandoned()).isEmpty();
    }

    @Test
    void aHookThatThrowsKeepsTheOthersFromNothing() throws Exception {
        var output = startAndCancel(agent().onCancel((context, cause) -> {
                    throw new IllegalStateException("hook is broken");
                })
                .onCancel((context, cause) -> {
                    throw new StackOverflowError();
                })
                .onCancel((context, cause) -> order.add("other")));
        assertThat(order).containsExactly("other");
        assertThat(output.isCancelled()).isTrue();
        assertThat(output.failure()).isNull();
    }

    @Test
    void aHookThatHangsIsCutAtItsLimitAndReported() throws Exception {
        var output = GrowingLimit.play(this::outputOfARunWithAHookThatHangs, _ -> order.contains("other"));
        assertThat(order).containsExactly("other");
        assertThat(output.isCancelled()).isTrue();
        assertThat(output.abandoned()).singleElement().satisfies(left -> {
            assertThat(left.what()).isEqualTo("cleanup of run " + output.runId());
            assertThat(left.stack()).anyMatch(frame -> frame.contains("Gate.passDeaf"));
        });
    }

    private RunOutput outputOfARunWithAHookThatHangs(Duration limit) throws InterruptedException {
        order.clear();
        var gate = new Gate();
        var before = Runs.shared().abandonedThreads();
        var output = startAndCancel(agent().onCancel((context, cause) -> gate.passDeaf())
                .onCancel((context, cause) -> order.add("other"))
                .hookTimeouts(limit, limit.multipliedBy(10)));
        assertThat(output.stopTook()).isNotNull().isGreaterThanOrEqualTo(limit);
        assertThat(Runs.shared().abandonedThreads())
                .as("while it hangs")
                .isEqualTo(before + output.abandoned().size());
        gate.open();
        await().until(() -> Runs.shared().abandonedThreads() == before);
        return output;
    }

    @Test
    void theLimitOfAllHooksHoldsForEachToo() throws Exception {
        var gate = new Gate();
        var output = startAndCancel(agent().onCancel((context, cause) -> gate.pass())
                .hookTimeouts(Duration.ofMinutes(10), Duration.ofMillis(100)));
        assertThat(output.isCancelled()).isTrue();
        assertThat(output.abandoned()).hasSize(1);
    }

    @Test
    void toolsRegisterCleanupsOfTheirOwn() throws Exception {
        var gate = new Gate();
        var run = Agent.builder()
                .model(TestModel.of(calls("work")))
                .tools(tool("work", context -> {
                    context.onCancelled(() -> order.add(
                            "undone, interrupted " + Thread.currentThread().isInterrupted()));
                    gate.pass();
                    return "x";
                }))
                .build()
                .start("Go");
        gate.awaitReached();
        run.cancel();
        Events.end(run);
        assertThat(order).containsExactly("undone, interrupted false");
    }

    @Test
    void aCleanupKnowsItsRun() throws Exception {
        var seen = new AtomicReference<RunContext>();
        var output = startAndCancel(
                agent().onCancel((context, cause) -> seen.set(Objects.requireNonNull(RunContext.current()))));
        assertThat(seen.get().runId()).isEqualTo(output.runId());
    }

    @Test
    void noCleanupRunsWhenNothingWasCancelled() throws Exception {
        var cleaned = new AtomicInteger();
        var builder = Agent.builder().onCancel((context, cause) -> cleaned.incrementAndGet());
        builder.model(TestModel.of(calls("work"), says("x")))
                .tools(tool("work", context -> {
                    context.onCancelled(cleaned::incrementAndGet);
                    return "x";
                }))
                .build()
                .run("Go");
        builder.model(TestModel.of((request, call) -> {
                    throw new IllegalStateException("broken");
                }))
                .build()
                .run("Go");
        assertThat(cleaned).hasValue(0);
    }

    @Test
    void everyRunOfATreeCleansUpForItself() throws Exception {
        var memberModel = TestModel.of(hangs());
        var member = Agent.builder()
                .model(memberModel)
                .onCancel((context, cause) -> order.add("member " + cause.kind()))
                .build();
        var run = Agent.builder()
                .model(TestModel.of(calls("ask")))
                .tools(tool("ask", context -> member.run("Ask").text()))
                .onCancel((context, cause) -> order.add("leader " + cause.kind()))
                .build()
                .start("Go");
        memberModel.awaitRequests(1);
        run.cancel();
        Events.end(run);
        assertThat(order).containsExactly("member " + CancelKind.PARENT, "leader " + CancelKind.USER);
    }

    @Test
    void noAgentStartsInACleanup() throws Exception {
        var model = TestModel.of(says("x"));
        var late = new AtomicReference<RunOutput>();
        startAndCancel(agent().onCancel(
                        (context, cause) -> late.set(Agent.of(model, "").run("Ask"))));
        assertThat(late.get().isCancelled()).isTrue();
        assertThat(model.requests()).isEmpty();
    }

    @Test
    void theStoreIsWrittenByAThreadThatIsNotInterrupted() throws Exception {
        var interrupted = new AtomicReference<Boolean>();
        var store =
                new InMemoryProbe(() -> interrupted.set(Thread.currentThread().isInterrupted()));
        var gate = new Gate();
        var run = Agent.builder()
                .model(TestModel.of(calls("slow")))
                .tools(TestTools.waits("slow", gate))
                .store(store)
                .storeWait(Duration.ofMinutes(1))
                .build()
                .start("Go");
        gate.awaitReached();
        run.cancel();
        assertThat(Events.end(run).stored()).isTrue();
        assertThat(interrupted.get()).isFalse();
        assertThat(store.inner.run(run.id()).orElseThrow().status()).isEqualTo(RunStatus.CANCELLED);
    }

    /** A store that checks its thread before it writes an end. */
    private static final class InMemoryProbe extends TestStore {
        private final Runnable look;

        InMemoryProbe(Runnable look) {
            super(new InMemorySessionStore());
            this.look = look;
        }

        @Override
        public Finished finish(StoredRun run, List<StateChange> changes) {
            look.run();
            return super.finish(run, changes);
        }
    }
}
